/** Tells a person at a terminal what usually comes next. Scripts get only the result. */
export function printNext(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`next: ${text}\n`)
}
