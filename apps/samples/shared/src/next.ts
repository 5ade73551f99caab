/** Returns the path to open after a sign-in. It is always a path of this site, even if `next` names another site. */
export const nextPath = (next: string | null | undefined): string => {
  if (!next || !URL.canParse(next, location.origin)) return '/'
  const { origin, pathname, search, hash } = new URL(next, location.origin)
  return origin === location.origin ? pathname + search + hash : '/'
}
