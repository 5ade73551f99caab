/** A session as a sign-in hands it over. */
export interface Session {
  readonly accessToken: string
  readonly idToken: string
  readonly refreshToken: string
  /** Seconds that the access token still lives, by its own `exp`. */
  readonly expiresIn: number
}

/** A client of one of the packages, in one page. */
export interface Client {
  /** The access token, refreshed first where it has expired: as the package's documentation gets it. */
  token(): Promise<string | undefined>
  signOut(): unknown
}

/**
 * What a page does at its start: creates the client; with `session`, as the end of a sign-in, else over what its storage holds.
 * `origin`: where all endpoints are.
 */
export type Open = (origin: string, session?: Session) => Promise<Client>
