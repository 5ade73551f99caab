import { signingAlgorithm, type SigningAlgorithm } from '@tokenkeep/protocol'
import { Option, type Command } from 'commander'
import { dropSigningKeys, ensureSigningKeys, rotateSigningKeys } from '../tokens/signing-keys.ts'
import type { SigningKeyRow } from '../store/keys.ts'
import { requireApp } from './require-app.ts'
import { addSettings, withStore } from './options.ts'
import { formatTime, printRows } from './output.ts'

const printSigningKeys = (rows: readonly SigningKeyRow[]): void =>
  printRows(
    rows.map(({ kid, alg, state, created_at }) => ({
      key: kid,
      algorithm: alg,
      state,
      created: formatTime(created_at),
    })),
  )

export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('manage the keys that sign auth tokens')
  const list = keys
    .command('list')
    .description('list the signing keys')
    .requiredOption('--app <id>', 'the id of the app')
    .action((flags: { app: string }) =>
      withStore({ ...flags }, async ({ store, keys }) => {
        const app = await requireApp(store, flags.app)
        printSigningKeys(await ensureSigningKeys(store, await keys(), app, Date.now()))
      }),
    )
  const rotate = keys
    .command('rotate')
    .description('sign with the next key from now on; the previous key stays valid until its tokens expire')
    .requiredOption('--app <id>', 'the id of the app')
    .addOption(new Option('--alg <alg>', 'change to this algorithm').choices(signingAlgorithm.options))
    .option('--stolen', 'drop all keys at once: every auth token so far is refused, and clients refresh')
    .action((flags: { app: string; alg?: SigningAlgorithm; stolen?: boolean }) =>
      withStore({ ...flags }, async ({ store, keys }) => {
        const app = await requireApp(store, flags.app)
        const { alg = app.alg, stolen } = flags
        const replace = stolen ? dropSigningKeys : rotateSigningKeys
        const rows = await replace(store, await keys(), app, { alg, actor: 'system', now: Date.now() })
        printSigningKeys(rows)
      }),
    )
  for (const command of [list, rotate]) addSettings(command, ['store', 'masterKey', 'masterKeyFile'])
}
