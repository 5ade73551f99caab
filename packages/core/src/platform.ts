// The platform's own types, where it declares them: by TypeScript's `dom`, by Node's or Bun's types. Where nothing does,
// what of them this library uses. So no declaration of ours needs any of these to compile.

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

/** As a transport sends it: every `fetch` takes it. */
export interface HttpRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly credentials?: 'include'
}

/** What a transport reads of an answer: every `Response` has it. */
export interface HttpResponse {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  json(): Promise<unknown>
}
