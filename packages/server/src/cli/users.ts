import type { Command } from 'commander'
import { parseId, showId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'
import type { User } from '../store/users.ts'
import { CommandError } from './command-error.ts'
import { addSettings, withStore } from './options.ts'
import { table } from './table.ts'

const when = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString())

/** By id, or by identifier. */
async function userOf(store: Store, app: string, named: string): Promise<User> {
  const id = parseId(named)
  const user = (id && (await store.users.find(app, id))) ?? (await store.users.findByIdentifier(app, named))
  if (!user) throw new CommandError(`there is no user ${named}`)
  return user
}

interface Flags {
  readonly app: string
}
type Work = (store: Store, app: string, user: User, now: number) => Promise<unknown>

export function addUserCommands(program: Command): void {
  const users = program.command('users').description('the users of an app')
  const sessions = program.command('sessions').description('the sessions of a user')
  const onUser = (parent: Command, name: string, description: string, work: Work): void => {
    const command = parent
      .command(`${name} <user>`)
      .description(`${description}; by id or identifier`)
      .requiredOption('--app <id>', 'of which app')
      .action((named: string, flags: Flags) =>
        withStore({ ...flags }, async ({ store }) => {
          await work(store, flags.app, await userOf(store, flags.app, named), Date.now())
        }),
      )
    addSettings(command, ['store'])
  }
  const find = users
    .command('find <text>')
    .description('up to 50 users whose identifier holds the text')
    .requiredOption('--app <id>', 'of which app')
    .action((search: string, flags: Flags) =>
      withStore({ ...flags }, async ({ store }) => {
        const found = await store.users.list(flags.app, { search }, 'identifier:asc', 50, 0)
        table(
          ['id', 'identifier', 'status', 'last sign-in'],
          found.users.map((user) => [
            showId(user.id),
            user.identifier,
            user.status,
            when(user.last_login_at),
          ]),
        )
      }),
    )
  addSettings(find, ['store'])
  onUser(
    users,
    'deactivate',
    'end all sessions of a user and let them in no more',
    (store, app, { id }, now) => store.users.deactivate(app, id, 'system', now),
  )
  onUser(users, 'activate', 'let a user in again', (store, app, { id }, now) =>
    store.users.activate(app, id, 'system', now),
  )
  onUser(sessions, 'revoke', 'end all sessions of a user', (store, app, { id }, now) =>
    store.users.revokeAll(app, id, 'system', now),
  )
  onUser(sessions, 'list', 'show the live sessions of a user', async (store, app, { id }, now) =>
    table(
      ['id', 'signed in', 'last active', 'address'],
      (await store.sessions.list(app, id, now)).map((session) => [
        showId(session.id),
        when(session.created_at),
        when(session.active_at),
        session.ip ?? '',
      ]),
    ),
  )
}
