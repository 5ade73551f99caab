/** Where to go after a sign-in: always a path of this site, even if the address names another. */
export const nextPath = (next: string | null | undefined): string => {
  if (!next || !URL.canParse(next, location.origin)) return '/'
  const { origin, pathname, search, hash } = new URL(next, location.origin)
  return origin === location.origin ? pathname + search + hash : '/'
}
