// The keys and cookies that Passage's client keeps in a browser, and one key that this package adds.

const AUTH_TOKEN = 'psg_auth_token'
/** Passage's element writes the last two. */
const PASSAGE_KEYS = [AUTH_TOKEN, 'psg_refresh_token', 'psg_cred_obj', 'psg_last_login']
const PASSAGE_COOKIES = [AUTH_TOKEN, 'psg_cred_obj']

/**
 * Holds the issuer while somebody is signed in. A constructor must know that at once, but reading the session from
 * IndexedDB takes time. The value is no secret.
 */
const ISSUER_KEY = 'tokenkeep.passage'

export const hasLocalStorage = (): boolean => typeof localStorage !== 'undefined'

/** Returns the auth token that Passage's client keeps in its storage, or else in its cookie. */
export const readPassageToken = (): string | undefined =>
  localStorage.getItem(AUTH_TOKEN) ?? new RegExp(`(?:^|; )${AUTH_TOKEN}=([^;]+)`).exec(document.cookie)?.[1]

export const readIssuer = (): string | undefined => localStorage.getItem(ISSUER_KEY) ?? undefined
export const writeIssuer = (issuer: string): void => localStorage.setItem(ISSUER_KEY, issuer)

/** Removes everything that this package or Passage's client keeps outside of IndexedDB. */
export function clearBrowserStorage(): void {
  for (const key of [...PASSAGE_KEYS, ISSUER_KEY]) localStorage.removeItem(key)
  // The path must be that of the cookie. Without it, only a page at the root could remove the cookie.
  for (const name of PASSAGE_COOKIES) document.cookie = `${name}=; path=/; max-age=0`
}
