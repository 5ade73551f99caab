/** What stands in a table for what could not be measured: the reason, in one line. It stops nothing else. */
export function failed(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return `failed: ${text.split('\n', 1)[0]!.slice(0, 120)}`
}
