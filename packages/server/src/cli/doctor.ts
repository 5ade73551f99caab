import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import type { Settings } from './config.ts'
import { printRows } from './output.ts'
import { addSettings, openConfiguredStore, settingsOf } from './options.ts'
import { MasterKeyError, openKeys } from '../tokens/master-key.ts'

type Verdict = 'ok' | 'warning' | 'fault'
type Report = (verdict: Verdict, finding: string) => void

async function examine(settings: Settings, report: Report): Promise<void> {
  const { config } = settings
  const store = await openConfiguredStore(settings, false)
  try {
    await store.probe(Date.now())
    report('ok', 'the database answers, is up to date and takes writes')

    const apps = await store.apps.list()
    try {
      const keys = await openKeys(store, config)
      report('ok', 'the master key opens the signing keys of every app')
      if ((await store.keys.listAllSigningKeys()).some(({ wrapped }) => !keys.isWrappedByFirst(wrapped)))
        report(
          'warning',
          'some signing keys are encrypted with an earlier master key: serve encrypts them with the new one',
        )
    } catch (error) {
      if (!(error instanceof MasterKeyError)) throw error
      report('fault', error.message)
    }
    if (!apps.length) report('warning', 'there is no app yet: create one with tokenkeep apps create')
    for (const { id, auth_origin } of apps)
      if (auth_origin.startsWith('http:') && !/^http:\/\/(localhost|127\.0\.0\.1)(:|$)/.test(auth_origin))
        report('warning', `app ${id}: its pages are not on https, so browsers do not allow passkeys there`)
  } finally {
    await store.close()
  }
  const { baseUrl } = config
  if (!baseUrl) report('warning', 'there is no --base-url: clients get http://localhost as the address')
  else if (baseUrl.startsWith('http:') && new URL(baseUrl).hostname !== 'localhost')
    report('warning', 'the base URL is not https: tokens are sent without encryption')
  if (!config.metricsToken)
    report(
      'warning',
      'there is no metrics token, so /metrics is closed: set TOKENKEEP_METRICS_TOKEN to use it',
    )
}

export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('check the configuration, the database and the keys')
    .action(async (flags: Record<string, unknown>) => {
      const findings: { verdict: Verdict; finding: string }[] = []
      await examine(settingsOf(flags), (verdict, finding) => void findings.push({ verdict, finding }))
      printRows(findings)
      const faults = findings.filter(({ verdict }) => verdict === 'fault').length
      if (faults) throw new CommandError(faults === 1 ? 'found one fault' : `found ${faults} faults`)
    })
  addSettings(command, ['store', 'masterKey', 'masterKeyFile', 'baseUrl', 'metricsToken'])
}
