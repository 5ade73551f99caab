export const editing = {
  leave: {
    title: 'Leave without saving?',
    text: 'Your changes are not saved.',
    action: 'Leave',
    stay: 'Stay',
  },
  conflict: {
    title: 'Somebody else saved meanwhile',
    text: 'These settings were changed while you were editing. Nothing of yours is lost.',
    textBy: (who: string, when: string) =>
      `These settings were changed ${when} by ${who}, while you were editing. Nothing of yours is lost.`,
    setting: 'Setting',
    theirs: 'Saved now',
    yours: 'Yours',
    same: 'unchanged',
    keep: 'Save mine on top',
    take: 'Take what is saved',
    keepNote: 'Saving yours changes only what you edited; the rest stays as it is saved now.',
  },
}
