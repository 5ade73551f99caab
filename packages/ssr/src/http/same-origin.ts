/** The header that a script of the app must send. A page of another origin cannot send it without our consent (CORS). */
export const SCRIPT_HEADER = 'tokenkeep-session'

/**
 * Tells whether a page of this origin sent a request. A subdomain is another origin. Browsers send `Sec-Fetch-Site` or
 * `Origin` with every POST, and no page can change them; a request without both is refused.
 */
export function isSameOrigin(
  { headers }: { readonly headers: Pick<Headers, 'get'> },
  origin: string,
): boolean {
  const site = headers.get('sec-fetch-site')
  const sent = headers.get('origin')
  if (site === null) return sent === origin
  // A form on a page with `Referrer-Policy: no-referrer` sends `Origin: null`.
  return site === 'same-origin' && (sent === null || sent === 'null' || sent === origin)
}
