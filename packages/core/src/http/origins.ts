/** True where a request may carry the token. */
export type Allows = (url: string) => boolean

/**
 * Compares whole origins of parsed URLs (RFC 6454), never prefixes: `https://api.example.com.evil.net` and
 * `https://api.example.com@evil.net` are other origins than `https://api.example.com`.
 * Default: the page's own origin; nothing where there is no page.
 *
 * @throws TypeError for an entry that is not an origin
 */
export function allowedOrigins(origins: readonly string[] = page() ? [new URL(page()!).origin] : []): Allows {
  const allowed = new Set(
    origins.map((entry) => {
      const { origin, href } = new URL(entry)
      if (origin === 'null' || href !== `${origin}/`) throw new TypeError(`not an origin: ${entry}`)
      return origin
    }),
  )
  return (url) => URL.canParse(url, page()) && allowed.has(new URL(url, page()).origin)
}

const page = (): string | undefined => globalThis.location?.href
