import type { AuthResult } from '@tokenkeep/protocol'

/**
 * The place where your code keeps an auth token. Extend it. This package only reads the token.
 *
 * @example
 * ```ts
 * import { ReadOnlyTokenStore, Session } from '@tokenkeep/passage'
 *
 * class HeaderStore extends ReadOnlyTokenStore {
 *   getAuthToken = async () => 'e30.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJl'
 * }
 * const token = await new Session('shop', new HeaderStore()).getAuthToken()
 * ```
 */
export abstract class ReadOnlyTokenStore {
  /** Resolves to the auth token. Rejects if there is none. */
  abstract getAuthToken(): Promise<string>
  /** Resolves to the refresh token. Default: undefined. */
  getRefreshToken(): Promise<string | undefined> {
    return Promise.resolve(undefined)
  }
}

/**
 * The place where your code keeps both tokens. Extend it. This package waits for what its functions return.
 *
 * @example
 * ```ts
 * import { TokenStore, type AuthResult } from '@tokenkeep/passage'
 *
 * let tokens: AuthResult | undefined
 * export class MemoryStore extends TokenStore {
 *   getAuthToken = async () => tokens?.auth_token ?? Promise.reject(new Error('no token'))
 *   override getRefreshToken = async () => tokens?.refresh_token
 *   setTokens = async (result: AuthResult) => void (tokens = result)
 *   override clearTokens = async () => void (tokens = undefined)
 * }
 * ```
 */
export abstract class TokenStore extends ReadOnlyTokenStore {
  /** Stores the tokens of a sign-in or refresh. */
  abstract setTokens(result: AuthResult): Promise<void>
  /** Removes the tokens after a sign-out. Default: keeps them. */
  clearTokens(): Promise<void> {
    return Promise.resolve()
  }
}

/** Checks the shape and not the class, as Passage's clients do, so that a store of another copy of this package works. */
export const isWritable = (store: ReadOnlyTokenStore): store is TokenStore => 'setTokens' in store
