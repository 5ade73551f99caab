export const editing = {
  leave: {
    title: 'Leave without saving?',
    text: 'If you leave this page, you lose your changes.',
    action: 'Leave',
  },
  conflict: {
    title: 'Someone else saved changes',
    text: 'These settings were changed while you were editing. Your changes are still here.',
    textBy: (who: string, when: string) =>
      `These settings were changed ${when} by ${who}, while you were editing. Your changes are still here.`,
    setting: 'Setting',
    theirs: 'Theirs',
    yours: 'Yours',
    same: 'unchanged',
    keep: 'Keep my changes',
    take: 'Use theirs',
    keepNote:
      '“Keep my changes” saves only the settings that you edited. All other settings stay as they are saved now.',
  },
}
