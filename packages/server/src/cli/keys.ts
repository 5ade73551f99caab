import { signingAlgorithm, type SigningAlgorithm } from '@tokenkeep/protocol'
import { Option, type Command } from 'commander'
import { rotateSigningKeys, signingKeys } from '../tokens/signing-keys.ts'
import type { SigningKeyRow } from '../store/keys.ts'
import { appOf } from './apps.ts'
import { addSettings, withStore } from './options.ts'
import { table } from './table.ts'

const show = (rows: readonly SigningKeyRow[]): void =>
  table(
    ['key', 'algorithm', 'state', 'made'],
    rows.map(({ kid, alg, state, created_at }) => [kid, alg, state, new Date(created_at).toISOString()]),
  )

export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('the keys that sign auth tokens')
  const list = keys
    .command('list')
    .description('list the signing keys')
    .requiredOption('--app <id>', 'whose')
    .action((flags: { app: string }) =>
      withStore({ ...flags }, async ({ store, keys }) => {
        const app = await appOf(store, flags.app)
        show(await signingKeys(store, await keys(), app, Date.now()))
      }),
    )
  const rotate = keys
    .command('rotate')
    .description('sign with the next key from now on; the one before is honoured as long as its tokens live')
    .requiredOption('--app <id>', 'whose')
    .addOption(new Option('--alg <alg>', 'change to this algorithm').choices(signingAlgorithm.options))
    .action((flags: { app: string; alg?: SigningAlgorithm }) =>
      withStore({ ...flags }, async ({ store, keys }) => {
        const app = await appOf(store, flags.app)
        const { alg = app.alg } = flags
        show(await rotateSigningKeys(store, await keys(), app, { alg, actor: 'system', now: Date.now() }))
      }),
    )
  for (const command of [list, rotate]) addSettings(command, ['store', 'masterKey', 'masterKeyFile'])
}
