/** Why a command could not do what it was asked: its message goes to the terminal as it is. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}
