import type { Command } from 'commander'
import { printable } from '../printable.ts'

/** Tells a person at a terminal what usually comes next. Scripts get only the result. */
export function printNext(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`next: ${printable(text)}\n`)
}

/** What usually comes after each command. `{app}` is the app of the command. `serve` prints its own text while it runs. */
const NEXT: Readonly<Record<string, string>> = {
  migrate: 'tokenkeep serve',
  'apps create': 'tokenkeep serve, and tokenkeep api-keys create --app {app} for the backend',
  'apps update': 'tokenkeep apps list; servers use the change within seconds',
  'apps list': 'tokenkeep apps update --id ID, or tokenkeep users find TEXT --app ID',
  'api-keys create': 'give the key to the backend of {app}, as a secret; it is not shown again',
  'api-keys list': 'tokenkeep api-keys delete ID --app {app} ends one at once',
  'api-keys delete': 'tokenkeep api-keys list --app {app}',
  'client-secrets create': 'give the secret to the server of {app}, as a secret; it is not shown again',
  'users find': 'tokenkeep sessions list USER --app {app}',
  'users deactivate': 'tokenkeep users activate USER --app {app} undoes this',
  'users activate': 'the user can sign in again',
  'sessions list': 'tokenkeep sessions revoke USER --app {app} ends them',
  'sessions revoke': 'auth tokens stay valid until they expire, except at backends that check revocations',
  'keys list': 'tokenkeep keys rotate --app {app} signs with the next key',
  'keys rotate': 'tokenkeep keys list --app {app}; the previous key stays until its tokens have expired',
  'admins invite': 'open the link in the browser that will keep the passkey',
  backup: 'keep the backup on another machine, and the master key apart from it',
  restore: 'tokenkeep serve; sign-outs since the backup are undone, so end all sessions if that matters',
  doctor: 'tokenkeep serve',
}

/** The words of a command, such as `apps create`. */
const pathOf = (command: Command): string =>
  command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()

/** Prints what comes after a command that has done its work. */
export function printNextOf(command: Command): void {
  const { app, id } = command.opts<{ app?: string; id?: string }>()
  const text = NEXT[pathOf(command)]
  if (text) printNext(text.replaceAll('{app}', app ?? id ?? 'ID'))
}
