import type { TokenManager } from '../manager/api.ts'
import { allowedOrigins } from './origins.ts'

/** The part of an axios instance that is used here. So this package does not depend on axios. */
export interface AxiosLike<Config> {
  getUri(config: object): string
  request(config: object): Promise<unknown>
  readonly interceptors: {
    readonly request: { use(change: (config: Config) => Promise<Config>): number; eject(id: number): void }
    readonly response: {
      use(passed: undefined, failed: (error: unknown) => Promise<unknown>): number
      eject(id: number): void
    }
  }
}

interface Config {
  readonly headers: { get(name: string): unknown; set(name: string, value: string): unknown }
  readonly signal?: unknown
  /** Marks the one replay of a request. axios keeps unknown keys. */
  readonly authReplay?: true
}

/**
 * Makes an axios instance send the auth token, by the rules of `createAuthFetch`. Returns a function that undoes it.
 * `origins`: the origins that receive the token, such as `https://api.example.com`. Default: the page's own origin.
 *
 * @example
 * ```ts
 * import { authorizeAxios } from '@tokenkeep/core/axios'
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 * import axios from 'axios'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const api = axios.create({ baseURL: 'https://api.example.com' })
 * authorizeAxios(api, createTokenManager({ transport }), { origins: ['https://api.example.com'] })
 * ```
 */
export function authorizeAxios<C extends Config>(
  instance: AxiosLike<C>,
  auth: Pick<TokenManager, 'getAuthToken'>,
  { origins }: { readonly origins?: readonly string[] } = {},
): () => void {
  const allows = allowedOrigins(origins)
  const caller = ({ signal }: Config) => (signal instanceof AbortSignal ? { signal } : {})

  const { request, response } = instance.interceptors
  const attach = request.use(async (config) => {
    if (allows(instance.getUri(config)))
      config.headers.set('Authorization', `Bearer ${await auth.getAuthToken(caller(config))}`)
    return config
  })
  const replay = response.use(undefined, async (error: unknown) => {
    const { config, response: answer } = error as { config?: Config; response?: { status: number } }
    if (answer?.status !== 401 || !config || config.authReplay || !allows(instance.getUri(config)))
      throw error
    const rejected = String(config.headers.get('Authorization')).replace(/^Bearer /, '')
    const newer = await auth.getAuthToken({ ...caller(config), rejected }).catch(() => rejected)
    if (newer === rejected) throw error
    return instance.request({ ...config, authReplay: true })
  })

  return () => {
    request.eject(attach)
    response.eject(replay)
  }
}
