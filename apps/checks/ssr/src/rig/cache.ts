/** An answer, as it passes through the front. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export interface SharedCache {
  get(key: string): Answer | undefined
  keep(key: string, answer: Answer): void
  readonly hits: number
  /** How many answers with a `Set-Cookie` it was allowed to keep. */
  readonly leaks: number
}

/**
 * A shared cache that obeys `Cache-Control` (RFC 9111) and nothing else: like many CDNs, it ignores `Vary: Cookie` and keeps
 * a `Set-Cookie` with the answer.
 */
export function createSharedCache(): SharedCache {
  const kept = new Map<string, { readonly answer: Answer; readonly until: number }>()
  let hits = 0
  let leaks = 0
  return {
    get(key) {
      const found = kept.get(key)
      if (!found || found.until < Date.now()) return undefined
      hits++
      return found.answer
    },
    keep(key, answer) {
      const seconds = freshness(answer.headers.get('cache-control') ?? '')
      if (answer.status !== 200 || seconds === 0) return
      if (answer.headers.has('set-cookie')) leaks++
      kept.set(key, { answer, until: Date.now() + seconds * 1000 })
    },
    get hits() {
      return hits
    },
    get leaks() {
      return leaks
    },
  }
}

/** How long a shared cache may keep an answer. Seconds. */
function freshness(control: string): number {
  if (/\b(private|no-store|no-cache)\b/.test(control)) return 0
  const found = /\bs-maxage=(\d+)/.exec(control) ?? /\bmax-age=(\d+)/.exec(control)
  return Number(found?.[1] ?? 0)
}
