/**
 * Returns the path to which a response may redirect: that of `target` if it is on this origin, otherwise `/`. The path keeps
 * its query and fragment, and is never read as the address of another host.
 *
 * @example
 * ```ts
 * import { pathOnOrigin } from '@tokenkeep/ssr'
 *
 * console.log(pathOnOrigin('//evil.example', 'https://shop.example.com')) // '/'
 * console.log(pathOnOrigin('/orders?page=2', 'https://shop.example.com')) // '/orders?page=2'
 * ```
 */
export function pathOnOrigin(target: string | null | undefined, origin: string): string {
  const url = URL.parse(target ?? '', origin)
  if (url?.origin !== origin) return '/'
  // `/.//evil.example` has the path `//evil.example`, which a browser reads as a host.
  return url.pathname.replace(/^\/+/, '/') + url.search + url.hash
}
