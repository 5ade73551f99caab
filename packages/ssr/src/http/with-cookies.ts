import { parseCookie, parseSetCookie, stringifyCookie } from 'cookie'

/** Returns a `Cookie` header as the browser will send it after it has set these cookies. */
export function withCookies(header: string, set: readonly string[]): string {
  // Cookies of other programs stay as they are, also if their encoding is broken.
  const same = (text: string): string => text
  const jar = parseCookie(header, { decode: same })
  for (const { name, value, maxAge } of set.map((text) => parseSetCookie(text)))
    jar[name] = maxAge === 0 ? undefined : value
  return stringifyCookie(jar, { encode: same })
}
