// If the platform declares these types (TypeScript's `dom`, Node or Bun), they are the platform's own. Otherwise they
// declare only what this library uses. So the library's declarations compile on every platform.

export type Fetch = typeof globalThis extends { fetch: infer Own }
  ? Own
  : (url: string, init?: HttpRequest) => Promise<HttpResponse>

export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Own } }
  ? Own
  : {
      readonly aborted: boolean
      readonly reason: unknown
      addEventListener(type: 'abort', listener: () => void): void
      removeEventListener(type: 'abort', listener: () => void): void
    }

/** A request of a transport. Every `fetch` accepts it. */
export interface HttpRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly credentials?: 'include'
}

/** What a transport reads of a response. Every `Response` has it. */
export interface HttpResponse {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  json(): Promise<unknown>
}
