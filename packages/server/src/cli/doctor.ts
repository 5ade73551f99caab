import type { Command } from 'commander'
import { openStore } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { readConfig, type Config } from './config.ts'
import { addSettings } from './options.ts'
import { MasterKeyError, openKeys } from '../tokens/master-key.ts'

type Say = (verdict: 'ok' | 'warning' | 'fault', message: string) => void

async function examine(config: Config, say: Say): Promise<void> {
  const store = await openStore(config.store)
  try {
    await store.probe(Date.now())
    say('ok', 'the database answers, is up to date, and takes writes')

    const apps = await store.apps.list()
    try {
      const keys = await openKeys(store, config)
      say('ok', 'the master key opens the signing keys of every app')
      if ((await store.keys.allSigning()).some(({ wrapped }) => !keys.isUnderFirst(wrapped)))
        say(
          'warning',
          'signing keys still lie under the master key before: serve puts them under the new one',
        )
    } catch (error) {
      if (!(error instanceof MasterKeyError)) throw error
      say('fault', error.message)
    }
    if (!apps.length) say('warning', 'there is no app yet: tokenkeep apps create')
    for (const { id, auth_origin } of apps)
      if (auth_origin.startsWith('http:') && !/^http:\/\/(localhost|127\.0\.0\.1)(:|$)/.test(auth_origin))
        say('warning', `app ${id}: its pages are not on https, so browsers give them no passkeys`)
  } finally {
    await store.close()
  }
  const { baseUrl } = config
  if (!baseUrl) say('warning', 'no --base-url: clients are told http://localhost')
  else if (baseUrl.startsWith('http:') && new URL(baseUrl).hostname !== 'localhost')
    say('warning', 'the base URL is not https: tokens travel in the clear')
  if (!config.metricsToken) say('warning', 'no metrics token: keep /metrics from the internet at your proxy')
}

export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('look for what is wrong with the configuration, the database and the keys')
    .action(async (flags: Record<string, unknown>) => {
      let faults = 0
      await examine(readConfig(flags), (verdict, message) => {
        if (verdict === 'fault') faults += 1
        process.stdout.write(`${verdict.padEnd(7)}  ${message}\n`)
      })
      if (faults) throw new CommandError(faults === 1 ? 'one fault' : `${faults} faults`)
    })
  addSettings(command, ['store', 'masterKey', 'masterKeyFile', 'baseUrl', 'metricsToken'])
}
