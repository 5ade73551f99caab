/** Returns the reason why something could not be measured, in one line for a table. The other measurements go on. */
export function failed(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return `failed: ${text.split('\n', 1)[0]!.slice(0, 120)}`
}
