/** Tells whether a request to this URL may carry the token. */
export type Allows = (url: string) => boolean

/**
 * Compares the origins of parsed URLs (RFC 6454), never prefixes. `https://api.example.com.evil.net` and
 * `https://api.example.com@evil.net` are other origins than `https://api.example.com`.
 * Default: the page's own origin; no origin if there is no page.
 *
 * @throws TypeError for an entry that is not an origin
 */
export function allowedOrigins(origins: readonly string[] = page() ? [new URL(page()!).origin] : []): Allows {
  const allowed = new Set(
    origins.map((entry) => {
      const { origin, href } = new URL(entry)
      if (origin === 'null' || href !== `${origin}/`)
        throw new TypeError(`${entry} is not an origin. Write it like https://api.example.com.`)
      return origin
    }),
  )
  return (url) => URL.canParse(url, page()) && allowed.has(new URL(url, page()).origin)
}

const page = (): string | undefined => globalThis.location?.href
