/** The messages for a request that got no response, in Chromium, Firefox, Safari, Node, Deno and React Native. */
const NETWORK_ERROR =
  /^(failed to fetch|networkerror|load failed|fetch failed|terminated|error sending|network )/i

/**
 * Tells whether a function of the app failed because of a mistake in its code. `fetch` also rejects with a `TypeError` if
 * no response arrives: that is no mistake. In Safari, whose messages may be translated, such an error has no stack.
 */
export function isMistake(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { name, message, stack } = error
  if (name === 'TypeError') return !!stack && !NETWORK_ERROR.test(message)
  return name === 'ReferenceError' || name === 'RangeError'
}
