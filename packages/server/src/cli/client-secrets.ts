import type { Command } from 'commander'
import { createClientSecret } from '../tokens/api-keys.ts'
import { printValue } from './output.ts'
import { requireApp } from './require-app.ts'
import { addSettings, withStore } from './options.ts'

/** Adds the command that creates a client secret. It is listed and deleted like an API key. */
export function addClientSecretCommand(program: Command): void {
  const create = program
    .command('client-secrets')
    .description('manage the secrets of app servers')
    .command('create')
    .description('create a client secret for the server of an app and print it: it is not shown again')
    .requiredOption('--app <id>', 'the id of the app')
    .option('--name <name>', 'what the secret is for', 'app server')
    .action((flags: { app: string; name: string }) =>
      withStore({ ...flags }, async ({ store }) => {
        const app = await requireApp(store, flags.app)
        const { secret } = await createClientSecret(store, app.id, flags.name, 'system', Date.now())
        printValue(secret)
      }),
    )
  addSettings(create, ['store'])
}
