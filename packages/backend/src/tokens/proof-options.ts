import type { IncomingRequest } from './credentials.ts'

/** Remembers the proofs that were accepted, for all processes of an API. */
export interface ReplayStore {
  /**
   * Returns true the first time that it is called with `key`, and false again, for at least `seconds`. In Redis, this is
   * `SET key 1 NX EX seconds`. If it throws, the request fails with that error.
   */
  once(key: string, seconds: number): boolean | Promise<boolean>
}

/** How the proofs of bound tokens are checked (DPoP, RFC 9449). */
export interface DpopOptions {
  /**
   * Where clients reach this API: its origin, such as `https://api.example.com`, and, if a proxy takes a part of the path away, that
   * part. A proof names the URL of its request, and no header of a request is trusted to say it. Or a function that returns
   * the whole URL of a request.
   */
  readonly url: string | ((request: IncomingRequest) => string)
  /**
   * Where used proofs are remembered, so that none is accepted twice. `memory`: in this process, up to 200,000. `off`: nowhere; a
   * proof is then good for its URL and token as long as it is new. If your API has several processes, pass a store that they
   * share. Default: `memory`.
   */
  readonly replay?: 'memory' | 'off' | ReplayStore
}
