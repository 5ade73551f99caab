/** How the platforms call a request that got no response: Chromium, Firefox, Safari, Node, Deno, React Native. */
const NETWORK_ERROR =
  /^(failed to fetch|networkerror|load failed|fetch failed|terminated|error sending|network )/i

/**
 * Tells whether a function of the app failed because of a mistake in its code. `fetch` rejects with a `TypeError` too if
 * no response arrives: that is not one. In Safari, whose messages may be translated, such an error has no stack.
 */
export function isMistake(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { name, message, stack } = error
  if (name === 'TypeError') return !!stack && !NETWORK_ERROR.test(message)
  return name === 'ReferenceError' || name === 'RangeError'
}
