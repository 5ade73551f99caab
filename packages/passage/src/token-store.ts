import type { AuthResult } from '@tokenkeep/protocol'

/** Where code of yours keeps an auth token that this package may read. */
export abstract class ReadOnlyTokenStore {
  abstract getAuthToken(): Promise<string>
  /** Default: none. */
  getRefreshToken(): Promise<string | undefined> {
    return Promise.resolve(undefined)
  }
}

/** Where code of yours keeps both tokens. What it returns is awaited. */
export abstract class TokenStore extends ReadOnlyTokenStore {
  abstract setTokens(result: AuthResult): Promise<void>
  /** Default: keeps them. */
  clearTokens(): Promise<void> {
    return Promise.resolve()
  }
}

/** By its shape, as Passage's clients tell: a store of another copy of this package is one too. */
export const isWritable = (store: ReadOnlyTokenStore): store is TokenStore => 'setTokens' in store
