/** The tokens as each generation of passage-js names them. */
interface Tokens {
  readonly auth_token?: string | undefined
  readonly refresh_token?: string | undefined
  readonly authToken?: string | undefined
  readonly refreshToken?: string | undefined
}

/** A token store as an app writes it, for a place without `localStorage`. */
export class MemoryTokenStore {
  auth: string
  refresh: string | undefined
  constructor({ auth_token, refresh_token }: Tokens = {}) {
    this.auth = auth_token ?? ''
    this.refresh = refresh_token
  }
  getAuthToken = (): Promise<string> => Promise.resolve(this.auth)
  getRefreshToken = (): Promise<string | undefined> => Promise.resolve(this.refresh)
  setTokens = async (tokens: Tokens): Promise<void> => {
    this.auth = (tokens.auth_token ?? tokens.authToken)!
    this.refresh = tokens.refresh_token ?? tokens.refreshToken ?? this.refresh
  }
  clearTokens = async (): Promise<void> => {
    this.auth = ''
    this.refresh = undefined
  }
}
