/** A session as a sign-in returns it. */
export interface Session {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string
  /** How long the access token still lives, by its `exp`. Seconds. */
  readonly expiresIn: number
}

/** A client of one package in one page. */
export interface Client {
  /** Resolves to the access token, as the package's documentation gets it. If it has expired, it is refreshed first. */
  token(): Promise<string | undefined>
  signOut(): unknown
}

/**
 * Creates the client when a page starts. With `session`, a sign-in has just succeeded; otherwise the client starts from its
 * storage. `origin`: the origin of all endpoints.
 */
export type Open = (origin: string, session?: Session) => Promise<Client>
