/** A session as a sign-in returns it. */
export interface Session {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string
  /** Seconds until the access token's `exp`. */
  readonly expiresIn: number
}

/** A client of a package, in one page. */
export interface Client {
  /** Gets the access token as the package's documentation does, with a refresh if it has expired. */
  token(): Promise<string | undefined>
  signOut(): unknown
}

/**
 * Runs at the start of a page. Creates the client with `session`, as at the end of a sign-in, or else with the contents of its
 * storage. `origin`: the origin of all endpoints.
 */
export type Open = (origin: string, session?: Session) => Promise<Client>
