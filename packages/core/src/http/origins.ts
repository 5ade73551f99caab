/** Tells whether a request to this URL may carry the token. */
export type Allows = (url: string) => boolean

/**
 * Compares the origins of parsed URLs (RFC 6454), never prefixes. `https://api.example.com.evil.net` and
 * `https://api.example.com@evil.net` are other origins than `https://api.example.com`. Schemes of an app's own, such as
 * `capacitor://localhost`, can be named.
 * Default: the page's own origin; no origin if there is no page, or if its origin is opaque or of such a scheme.
 *
 * @throws TypeError for an entry that is not an origin
 */
export function allowedOrigins(origins: readonly string[] = ownOrigins()): Allows {
  const allowed = new Set(
    origins.map((entry) => {
      const url = parse(entry)
      const origin = url && originOf(url)
      // Without a path, the URL parser adds a slash to some schemes only.
      if (origin && (url.href === origin || url.href === `${origin}/`)) return origin
      throw new TypeError(`${entry} is not an origin. Write it like https://api.example.com.`)
    }),
  )
  return (address) => {
    const url = resolve(address)
    const origin = url && originOf(url)
    return origin !== undefined && allowed.has(origin)
  }
}

/** Resolves an address as `fetch` and `XMLHttpRequest` do. Undefined if it is not a URL. */
export function resolve(address: string): URL | undefined {
  // A page's base URL may differ from its address: it may have a <base>, or be an `about:srcdoc` frame.
  const base = globalThis.document?.baseURI ?? globalThis.location?.href
  return parse(address, base && parse(base)?.href)
}

function parse(address: string, base?: string): URL | undefined {
  try {
    return new URL(address, base)
  } catch {
    return undefined
  }
}

/** Undefined if the origin is opaque. The URL parser says `null` for each scheme that it does not know. */
function originOf({ origin, protocol, host }: URL): string | undefined {
  if (origin !== 'null') return origin
  return host ? `${protocol}//${host}` : undefined
}

function ownOrigins(): string[] {
  const { origin = 'null' } = parse(globalThis.location?.href ?? '') ?? {}
  return origin === 'null' ? [] : [origin]
}
