// What Passage's client keeps in a browser, and the one thing this package adds.

const authToken = 'psg_auth_token'
/** All of its keys; the second two are bookkeeping of its element. */
const keys = [authToken, 'psg_refresh_token', 'psg_cred_obj', 'psg_last_login']
const cookies = [authToken, 'psg_cred_obj']

/**
 * The issuer of the session in this browser, for as long as there is one: whether somebody is signed in must be known
 * in a constructor, and the session itself lies where reading takes a moment. It holds no secret.
 */
const marker = 'tokenkeep.passage'

export const hasStorage = (): boolean => typeof localStorage !== 'undefined'

/** The auth token of Passage's client: in its storage, else in its cookie. */
export const leftBehind = (): string | undefined =>
  localStorage.getItem(authToken) ?? new RegExp(`(?:^|; )${authToken}=([^;]+)`).exec(document.cookie)?.[1]

export const remembered = (): string | undefined => localStorage.getItem(marker) ?? undefined
export const remember = (issuer: string): void => localStorage.setItem(marker, issuer)

/** Nothing of a session stays. */
export function forgetAll(): void {
  for (const key of [...keys, marker]) localStorage.removeItem(key)
  // With its path: without it, the cookie stays wherever the page is not at the root.
  for (const name of cookies) document.cookie = `${name}=; path=/; max-age=0`
}
