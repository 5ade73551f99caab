import { readFileSync } from 'node:fs'
import { appModes, type AppModes } from '@tokenkeep/protocol'
import { Option, type Command } from 'commander'
import { CommandError } from './command-error.ts'

const { client_auth, storage, user_verification, passkeys, passkey_changes, user_lookup, binding } =
  appModes.shape

/** Adds the flags for what an app requires. */
export const addModeOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--client-auth <how>',
        'how the client authenticates itself to exchange refresh tokens',
      ).choices(client_auth.unwrap().options),
    )
    .option('--client-jwks <file>', 'the file with the public keys of the client, as a JWK set')
    .addOption(
      new Option('--storage <where>', 'where refresh tokens may be: cookie keeps them out of bodies').choices(
        storage.unwrap().options,
      ),
    )
    .addOption(
      new Option('--user-verification <how>', 'whether a passkey must verify the person').choices(
        user_verification.unwrap().options,
      ),
    )
    .addOption(
      new Option('--passkeys <which>', 'device-bound refuses synchronized passkeys').choices(
        passkeys.unwrap().options,
      ),
    )
    .addOption(
      new Option('--passkey-changes <when>', 'when users can add and remove their passkeys').choices(
        passkey_changes.unwrap().options,
      ),
    )
    .addOption(
      new Option('--user-lookup <how>', 'whether strangers learn if a user exists').choices(
        user_lookup.unwrap().options,
      ),
    )
    .addOption(
      new Option('--binding <when>', 'whether sessions are bound to a key of the client (DPoP)').choices(
        binding.unwrap().options,
      ),
    )

function readJwks(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new CommandError(
      `--client-jwks ${file}: must be a file with a JWK set: ${(cause as Error).message}`,
    )
  }
}

/** Reads the flags. A flag that is absent has no field. The schema of the caller checks the values. */
export const readModes = (flags: Readonly<Record<string, unknown>>): Partial<AppModes> =>
  Object.fromEntries(
    Object.entries({
      client_auth: flags['clientAuth'],
      client_jwks: flags['clientJwks'] === undefined ? undefined : readJwks(String(flags['clientJwks'])),
      storage: flags['storage'],
      user_verification: flags['userVerification'],
      passkeys: flags['passkeys'],
      passkey_changes: flags['passkeyChanges'],
      user_lookup: flags['userLookup'],
      binding: flags['binding'],
    }).filter(([, value]) => value !== undefined),
  )
