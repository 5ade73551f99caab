export const editing = {
  leave: {
    title: 'Leave without saving?',
    text: 'Your changes are not saved.',
    action: 'Leave',
    stay: 'Stay',
  },
  conflict: {
    title: 'Somebody else saved meanwhile',
    text: (who: string, when: string) =>
      `${who} changed these settings ${when}, while you were editing. Nothing of yours is lost.`,
    somebody: 'Another admin',
    setting: 'Setting',
    theirs: 'Saved now',
    yours: 'Yours',
    same: 'unchanged',
    keep: 'Save mine on top',
    take: 'Take what is saved',
    keepNote: 'Saving yours changes only what you edited; the rest stays as it is saved now.',
  },
}
