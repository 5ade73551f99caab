/**
 * Returns 128 random bits as text, on every platform. If `crypto` is missing, the bits come from `Math.random()`. Then
 * ids still differ from each other, but they can be guessed. In browsers, `browserEnvironment` never falls back.
 */
export function randomId(): string {
  const numbers = new Uint32Array(4)
  try {
    return crypto.getRandomValues(numbers).join('-')
  } catch {
    return numbers.map(() => Math.random() * 2 ** 32).join('-')
  }
}
