/** A command fails for a reason that the user can correct. The message is printed without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
