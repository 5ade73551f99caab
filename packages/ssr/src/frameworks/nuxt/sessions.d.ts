declare module '#tokenkeep/sessions' {
  /** The sessions of the app. The module knows which file exports them. */
  export const sessions: import('../../sessions.ts').ServerSessions
}
