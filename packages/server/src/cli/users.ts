import type { Command } from 'commander'
import { parseId, formatId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'
import type { User } from '../store/users.ts'
import { requireApp } from './require-app.ts'
import { CommandError } from './command-error.ts'
import { addSettings, withStore } from './options.ts'
import { printable } from '../printable.ts'
import { formatTime, printRows } from './output.ts'

/** Finds a user by id or identifier. Throws {@link CommandError} if there is none. */
async function requireUser(store: Store, app: string, named: string): Promise<User> {
  const id = parseId(named)
  const user = (id && (await store.users.find(app, id))) ?? (await store.users.findByIdentifier(app, named))
  if (!user)
    throw new CommandError(`there is no user ${printable(named)}: find users with tokenkeep users find`)
  return user
}

interface Flags {
  readonly app: string
}
type Work = (store: Store, app: string, user: User, now: number) => Promise<unknown>

export function addUserCommands(program: Command): void {
  const users = program.command('users').description('manage the users of an app')
  const sessions = program.command('sessions').description('manage the sessions of a user')
  const onUser = (parent: Command, name: string, description: string, work: Work): void => {
    const command = parent
      .command(`${name} <user>`)
      .description(`${description}; the user is an id or an identifier`)
      .requiredOption('--app <id>', 'the id of the app')
      .action((named: string, flags: Flags) =>
        withStore({ ...flags }, async ({ store }) => {
          await requireApp(store, flags.app)
          await work(store, flags.app, await requireUser(store, flags.app, named), Date.now())
        }),
      )
    addSettings(command, ['store'])
  }
  const find = users
    .command('find <text>')
    .description('show up to 50 users whose identifier contains the text')
    .requiredOption('--app <id>', 'the id of the app')
    .action((search: string, flags: Flags) =>
      withStore({ ...flags }, async ({ store }) => {
        await requireApp(store, flags.app)
        const found = await store.users.list(flags.app, { search }, 'identifier:asc', 50, 0)
        printRows(
          found.users.map((user) => ({
            id: formatId(user.id),
            identifier: user.identifier,
            status: user.status,
            last_sign_in: formatTime(user.last_login_at),
          })),
        )
      }),
    )
  addSettings(find, ['store'])
  onUser(
    users,
    'deactivate',
    'end all sessions of a user and refuse new sign-ins',
    async (store, app, { id, status }, now) => {
      if (!(await store.users.deactivate(app, id, 'system', now)) && status === 'active')
        throw new CommandError('this is the last owner: invite another one with tokenkeep admins invite')
    },
  )
  onUser(users, 'activate', 'allow a user to sign in again', (store, app, { id }, now) =>
    store.users.activate(app, id, 'system', now),
  )
  onUser(sessions, 'revoke', 'end all sessions of a user', (store, app, { id }, now) =>
    store.users.revokeAll(app, id, 'system', now),
  )
  onUser(sessions, 'list', 'show the live sessions of a user', async (store, app, { id }, now) =>
    printRows(
      (await store.sessions.list(app, id, now)).map((session) => ({
        id: formatId(session.id),
        signed_in: formatTime(session.created_at),
        last_active: formatTime(session.active_at),
        address: session.ip,
      })),
    ),
  )
}
