import type { TokenManager } from '../manager/api.ts'
import { allowedOrigins } from './origins.ts'

/** What this adapter needs of an axios instance: its shape, so that axios is nobody's dependency. */
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
  /** Ours: set on the one replay of a request. axios carries unknown keys along. */
  readonly authReplay?: true
}

/**
 * Gives an axios instance the auth token, by the rules of `createAuthFetch`. Returns the undoing.
 * `origins`: whose requests carry the token, such as `https://api.example.com`. Default: the page's own.
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
