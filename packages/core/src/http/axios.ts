import axios, {
  AxiosError,
  type AxiosInstance,
  type AxiosRequestConfig,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'
import { browserEnvironment } from '../environment.ts'
import {
  createAuthorize,
  isStream,
  type AuthorizeOptions,
  type AuthTokenMode,
  type TokenSource,
} from './authorize.ts'

declare module 'axios' {
  interface AxiosRequestConfig {
    /** Whether the request carries the token. Default: the option of `authorizeAxios`, which is `if-signed-in`. */
    authToken?: AuthTokenMode
  }
}

type Config = InternalAxiosRequestConfig
/** How a request ended. */
type Settled = { readonly response: AxiosResponse } | { readonly error: AxiosError }

/**
 * Makes an axios instance send the auth token, by the rules of `createAuthFetch`. Returns a function that undoes it.
 *
 * It works below all interceptors, where the request leaves. So interceptors see each call once, and no token. A base URL
 * that one of them sets decides whether the token is sent. A wait for a token ends when the request is cancelled, and when
 * its `timeout` has passed.
 *
 * @throws TypeError if an entry of `origins` is not an origin
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
 * const orders = await api.get('/orders', { authToken: 'always' })
 * ```
 */
export function authorizeAxios(
  instance: AxiosInstance,
  auth: TokenSource,
  options: AuthorizeOptions = {},
): () => void {
  const { header = 'authorization' } = options
  const authorize = createAuthorize(auth, options)
  const ours = new WeakSet<object>()

  const authorized = (adapter: AxiosRequestConfig['adapter']) => async (config: Config) => {
    const transmit = axios.getAdapter(adapter, config)
    const { signal, release } = waitOf(config)
    const result = await authorize<Settled>({
      // A new instance without defaults, because the config is final.
      url: new axios.Axios({}).getUri(config),
      method: config.method?.toUpperCase(),
      signal,
      authToken: config.auth || config.headers.has(header) ? 'never' : config.authToken,
      canReplay: !isStream(config.data),
      async send(value, proof) {
        // A copy, so that the app's config never holds a token. A library may send the config of an error again.
        const headers = config.headers.concat(
          value ? { [header]: value } : undefined,
          proof ? { dpop: proof } : undefined,
        )
        try {
          const response = await transmit({ ...config, headers })
          return { response: Object.assign(response, { config }) }
        } catch (error) {
          const { response } = error as AxiosError
          if (response) response.config = config
          return { error: Object.assign(error as AxiosError, { config }) }
        }
      },
      // The interceptors of the app may accept every status.
      isUnauthorized: (settled) => statusOf(settled) === 401,
      headerOf,
      urlOf,
    }).finally(release)
    if ('error' in result) throw result.error
    return result.response
  }

  const { request } = instance.interceptors
  const wrap = (config: Config): Config => {
    const { adapter } = config
    if (typeof adapter !== 'function' || !ours.has(adapter)) ours.add((config.adapter = authorized(adapter)))
    return config
  }
  const id = request.use(wrap, undefined, { synchronous: true })
  return () => request.eject(id)
}

const statusOf = (settled: Settled): number | undefined =>
  'error' in settled ? settled.error.response?.status : settled.response.status

const headerOf = (settled: Settled, name: string): string | undefined => {
  const { response } = 'error' in settled ? settled.error : settled
  const value: unknown = response?.headers[name]
  return typeof value === 'string' ? value : undefined
}

/** The address that a browser and Node give their own names. */
const urlOf = (settled: Settled): string | undefined => {
  const { request } = ('error' in settled ? settled.error : settled.response) as {
    request?: { responseURL?: string; res?: { responseUrl?: string } }
  }
  return request?.responseURL ?? request?.res?.responseUrl
}

/** Returns a signal that ends the wait for a token when `signal`, `cancelToken` or `timeout` would end the request. */
function waitOf(config: Config) {
  const { signal, cancelToken, timeout, timeoutErrorMessage, transitional } = config
  const ending = new AbortController()
  const end = (): void => ending.abort()
  if (signal?.aborted) end()
  signal?.addEventListener?.('abort', end)
  // The type of axios leaves out its own methods.
  const legacy = cancelToken as
    | { subscribe?(end: () => void): void; unsubscribe?(end: () => void): void }
    | undefined
  legacy?.subscribe?.(end)
  const onTimeout = (): void => {
    const message = timeoutErrorMessage ?? `timeout of ${timeout}ms exceeded`
    const code = transitional?.clarifyTimeoutError ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED
    ending.abort(new AxiosError(message, code, config))
  }
  const cancelTimer = timeout ? browserEnvironment.after(timeout, onTimeout) : undefined
  return {
    signal: ending.signal,
    release() {
      signal?.removeEventListener?.('abort', end)
      legacy?.unsubscribe?.(end)
      cancelTimer?.()
    },
  }
}
