import { STATE } from './sign-ins.ts'

/** The address that a provider sent the user back to. */
export interface Callback {
  readonly state: string
  readonly parameters: URLSearchParams
}

/**
 * Reads a callback of this library. Other code has callbacks too, even with the same parameters. So it returns
 * undefined for any other address. The fragment is never read: tokens in it are ignored.
 */
export function readCallback(url: string, redirectUri: string): Callback | undefined {
  if (!isSamePage(url, redirectUri)) return undefined
  const parameters = new URL(url).searchParams
  const state = parameters.get('state')
  return state?.startsWith(STATE) ? { state, parameters } : undefined
}

/** True if two addresses differ at most in query and fragment. */
export const isSamePage = (url: string, other: string): boolean => withoutQuery(url) === withoutQuery(other)

const withoutQuery = (url: string): string => url.replace(/[?#][^]*$/, '')
