import { newApiKey, scope } from '@tokenkeep/protocol'
import { Option, type Command } from 'commander'
import { formatId, parseId } from '../store/ids.ts'
import { createApiKey } from '../tokens/api-keys.ts'
import { readSeconds, refuseFlag } from './app-flags.ts'
import { CommandError } from './command-error.ts'
import { addSettings, withStore } from './options.ts'
import { formatTime, printRows, printValue } from './output.ts'
import { requireApp } from './require-app.ts'

interface CreateFlags {
  readonly app: string
  readonly name: string
  readonly scope?: string[]
  readonly expiresIn: string
  readonly from?: string[]
}

async function createKey(flags: CreateFlags): Promise<void> {
  const wanted = newApiKey.safeParse({
    name: flags.name,
    scopes: flags.scope,
    expires_in: flags.expiresIn === 'never' ? null : readSeconds(flags.expiresIn),
    addresses: flags.from,
  })
  if (!wanted.success) return refuseFlag({ ...flags }, String(wanted.error.issues[0]!.path[0]))
  const { name, scopes, addresses, expires_in } = wanted.data
  await withStore({ ...flags }, async ({ store }) => {
    const app = await requireApp(store, flags.app)
    const now = Date.now()
    const expiresAt = expires_in === null ? null : now + expires_in * 1000
    const granted = { ...(scopes && { scopes }), addresses, expiresAt }
    const { secret } = await createApiKey(store, app.id, name, 'system', now, granted)
    printValue(secret)
  })
}

/** Adds the commands that create, list and delete API keys. Client secrets are listed and deleted with them. */
export function addApiKeyCommands(program: Command): void {
  const keys = program.command('api-keys').description('manage API keys')
  const create = keys
    .command('create')
    .description('create an API key and print it: it is not shown again')
    .requiredOption('--app <id>', 'the id of the app')
    .option('--name <name>', 'what the key is for', 'command line')
    .addOption(new Option('--scope <scope...>', 'what it may do; default: everything').choices(scope.options))
    .option('--expires-in <seconds>', 'how long it is valid, in seconds, or never', '31536000')
    .option('--from <address...>', 'IP addresses or ranges from which it can be used; default: everywhere')
    .action(createKey)
  const list = keys
    .command('list')
    .description('list the API keys and the client secrets of an app')
    .requiredOption('--app <id>', 'the id of the app')
    .action((flags: { app: string }) =>
      withStore({ ...flags }, async ({ store }) => {
        await requireApp(store, flags.app)
        printRows(
          (await store.keys.listApiKeys(flags.app)).map((key) => ({
            id: formatId(key.id),
            name: key.name,
            scopes: key.scopes === null ? '' : (JSON.parse(key.scopes) as string[]).join(' '),
            expires: key.expires_at === null ? 'never' : formatTime(key.expires_at),
            last_used: formatTime(key.last_used_at),
            last_used_from: key.last_used_from,
          })),
        )
      }),
    )
  const remove = keys
    .command('delete <id>')
    .description('delete an API key or a client secret; its streams and invitations end')
    .requiredOption('--app <id>', 'the id of the app')
    .action((named: string, flags: { app: string }) =>
      withStore({ ...flags }, async ({ store }) => {
        await requireApp(store, flags.app)
        const id = parseId(named)
        if (!id || !(await store.keys.removeApiKey(flags.app, id, 'system', Date.now())))
          throw new CommandError(`there is no such key: list them with tokenkeep api-keys list`)
      }),
    )
  for (const command of [create, list, remove]) addSettings(command, ['store'])
}
