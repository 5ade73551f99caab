/** What has changed on the page of an account. */
export type AccountChange =
  | 'passkey-added'
  | 'passkey-renamed'
  | 'passkey-removed'
  | 'session-ended'
  | 'other-sessions-ended'

/** Every text that `<tokenkeep-account>` shows, besides the errors. */
export interface AccountTexts {
  /** Shown if nobody is signed in. */
  readonly signedOut: string
  /** Shown until the lists are there for the first time. */
  readonly loading: string
  /** The button that loads the lists once more after a failure. */
  readonly retry: string

  /** The heading of the passkeys. */
  readonly passkeys: string
  /** Says what passkeys are for. */
  readonly passkeysHint: string
  /** Shown instead of `passkeysHint` if the user has only one passkey. It has no button to remove it. */
  readonly onlyPasskeyHint: string
  /** Shown instead of `passkeysHint` if the user has no passkey. */
  readonly noPasskeyHint: string
  readonly addPasskey: string
  /** `date`: the day, such as `May 3, 2026`. */
  readonly createdOn: (date: string) => string
  /** `when`: how long ago, such as `3 days ago`. */
  readonly lastUsed: (when: string) => string
  readonly rename: string
  /** The label of the input for a new name. */
  readonly name: string
  /** Shown if the new name is empty. */
  readonly missingName: string
  readonly save: string
  readonly cancel: string
  readonly remove: string
  /** The question before a passkey is removed. */
  readonly removeQuestion: (name: string) => string
  /** The button that removes the passkey after the question. */
  readonly removePasskey: string

  /** The heading of the sessions. */
  readonly sessions: string
  /** Says what the user can do about sessions. */
  readonly sessionsHint: string
  /** Marks the session of this browser. */
  readonly currentSession: string
  /** Names a session. `browser` is a name such as `Chrome`, `system` one such as `Windows`. */
  readonly device: (browser: string, system: string) => string
  /** Names a session whose browser did not say what it is. */
  readonly unknownDevice: string
  /** When the session of this browser was last active. */
  readonly activeNow: string
  /** `when`: how long ago, such as `3 hours ago`. */
  readonly lastActive: (when: string) => string
  readonly end: string
  readonly endOthers: string

  /** Shown after a change. */
  readonly changed: Readonly<Record<AccountChange, string>>
  /** Shown instead of the texts for all elements. `no-passkey`: the sign-in is too old for a change, and the user cannot confirm it. */
  readonly errors: Readonly<Record<'has-passkey' | 'no-passkey' | 'not-found', string>>
}

export const englishAccount: AccountTexts = {
  signedOut: 'Sign in to see your passkeys and sessions.',
  loading: 'Loading…',
  retry: 'Try again',
  passkeys: 'Passkeys',
  passkeysHint: 'You sign in with one of these.',
  onlyPasskeyHint: 'Add a second passkey, so that you can still sign in if you lose this one.',
  noPasskeyHint: 'You have no passkey yet. With a passkey, you sign in with your fingerprint, face or PIN.',
  addPasskey: 'Add a passkey',
  createdOn: (date) => `Created ${date}`,
  lastUsed: (when) => `Last used ${when}`,
  rename: 'Rename',
  name: 'Name of the passkey',
  missingName: 'Enter a name.',
  save: 'Save',
  cancel: 'Cancel',
  remove: 'Remove',
  removeQuestion: (name) => `Remove “${name}”? You can no longer sign in with it.`,
  removePasskey: 'Remove passkey',
  sessions: 'Where you are signed in',
  sessionsHint: 'End a session that you do not need any more, or that you do not recognize.',
  currentSession: 'This browser',
  device: (browser, system) => `${browser} on ${system}`,
  unknownDevice: 'Unknown device',
  activeNow: 'Active now',
  lastActive: (when) => `Active ${when}`,
  end: 'End',
  endOthers: 'End all other sessions',
  changed: {
    'passkey-added': 'The passkey has been added.',
    'passkey-renamed': 'The passkey has been renamed.',
    'passkey-removed': 'The passkey has been removed.',
    'session-ended': 'The session has ended.',
    'other-sessions-ended': 'All other sessions have ended.',
  },
  errors: {
    'has-passkey':
      'This device already has a passkey for your account. Use another device or a security key.',
    'no-passkey': 'You signed in too long ago for this. Sign out, sign in again, then try again.',
    'not-found': 'This passkey is not there any more.',
  },
}
