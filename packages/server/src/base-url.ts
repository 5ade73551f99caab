/** The address at which clients reach the server. It can have a path: a proxy can serve it under a part of a site. */
export interface BaseUrl {
  /** Normalised and without a slash at the end: every issuer begins with it. */
  readonly href: string
  readonly origin: string
  /** The path below the origin, or the empty text. */
  readonly path: string
}

/** Parses a base URL in any spelling: with slashes at the end, capital letters in the host, or the default port. */
export function parseBaseUrl(text: string): BaseUrl {
  const { origin, pathname } = new URL(text)
  const path = pathname.replace(/\/+$/, '')
  return { href: origin + path, origin, path }
}

/**
 * Returns the path of a request below the base URL. Some proxies remove the path of the base URL and others pass it on, so
 * both are right. A slash at the end makes no difference.
 */
export function pathBelow(base: BaseUrl, requestUrl: string): string {
  const { pathname } = new URL(requestUrl)
  const below = pathname.startsWith(`${base.path}/`) ? pathname.slice(base.path.length) : pathname
  return below.length > 1 && below.endsWith('/') ? below.slice(0, -1) : below
}
