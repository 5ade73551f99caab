import type { ProofSender, TokenSource } from '@tokenkeep/core'
import type { SessionOfUser } from '@tokenkeep/protocol'
import { createAccountCall, toAccountError, type AccountCall } from './account-call.ts'
import { appUrl } from './address.ts'
import { createPasskey, type CeremonyOptions, type RegistrationOptions } from './ceremonies.ts'
import { ceremony } from './ceremony.ts'
import type { PasskeyErrorCode } from './passkey-error-code.ts'
import { isPasskeyError, PasskeyError, toPasskeyError } from './passkey-error.ts'
import { confirm } from './reauthenticate.ts'

export interface AccountOptions {
  /** The address of the session server, such as `https://auth.example.com`. */
  readonly server: string
  readonly appId: string
  /** The manager of the session. */
  readonly manager: TokenSource
  /** Pass `sendProof` of `@tokenkeep/core` if the manager's transport is `withProof(…)`. Default: no proof. */
  readonly proof?: ProofSender | undefined
}

/** A passkey of the user. Times are milliseconds since the Unix epoch. */
export interface AccountPasskey {
  readonly id: string
  /** What the user or the server called it. */
  readonly name: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

/** A live session of the user. Times are milliseconds since the Unix epoch. */
export interface AccountSession {
  readonly id: string
  /** Whether it is the session of this manager. */
  readonly current: boolean
  readonly createdAt: number
  readonly lastActiveAt: number
  /** The address of the person at the sign-in. */
  readonly ip: string | undefined
  /** What the browser of the sign-in calls itself (RFC 9110 section 10.1.5). */
  readonly userAgent: string | undefined
}

/**
 * What the user who is signed in can see and change. Each function rejects with a `PasskeyError`; `signed-out` if there is no session.
 * If the sign-in is too long ago for a change of passkeys, the browser first asks the user to confirm with a passkey (RFC 9470). A user
 * without a passkey cannot: then the call rejects with `no-passkey`, and a new sign-in helps. If the signal of `options` is aborted, the
 * call rejects with `cancelled`.
 */
export interface Account {
  readonly passkeys: {
    list(options?: CeremonyOptions): Promise<AccountPasskey[]>
    /** Adds a passkey, such as one on another device, and resolves to it. Call it after a click. */
    add(options?: CeremonyOptions): Promise<AccountPasskey>
    rename(id: string, name: string, options?: CeremonyOptions): Promise<AccountPasskey>
    /** Rejects with `only-passkey` if the user has no other one. */
    remove(id: string, options?: CeremonyOptions): Promise<void>
  }
  readonly sessions: {
    list(options?: CeremonyOptions): Promise<AccountSession[]>
    /** Ends a session. Resolves also if it has ended meanwhile. */
    end(id: string, options?: CeremonyOptions): Promise<void>
    /** Ends all sessions except the one of this manager. */
    endOthers(options?: CeremonyOptions): Promise<void>
  }
}

interface Device {
  readonly id: string
  readonly friendly_name: string
  readonly created_at: string
  readonly last_login_at: string
}
interface Started {
  readonly handshake: { readonly id: string; readonly challenge: { readonly publicKey: RegistrationOptions } }
}

const toPasskey = ({ id, friendly_name, created_at, last_login_at }: Device): AccountPasskey => ({
  id,
  name: friendly_name,
  createdAt: Date.parse(created_at),
  lastUsedAt: Date.parse(last_login_at),
})
const toSession = ({
  id,
  current,
  created_at,
  last_active_at,
  ip,
  user_agent,
}: SessionOfUser): AccountSession => ({
  id,
  current: current === true,
  createdAt: created_at * 1000,
  lastActiveAt: last_active_at * 1000,
  ip,
  userAgent: user_agent,
})

/**
 * Creates the functions of a page on which users see and change their passkeys and sessions. `<tokenkeep-account>` is such a page.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 * import { createAccount } from '@tokenkeep/elements'
 *
 * const app = { url: 'https://auth.example.com', appId: 'shop' }
 * const manager = createTokenManager({ transport: sessionServer(app) })
 * const account = createAccount({ server: app.url, appId: app.appId, manager })
 * for (const { name } of await account.passkeys.list()) console.log(name)
 * await account.sessions.endOthers()
 * ```
 */
export function createAccount({ server, appId, manager, proof }: AccountOptions): Account {
  const base = appUrl({ server, appId })
  async function run<T>(work: (call: AccountCall) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await work(createAccountCall(base, manager, { signal, proof }))
    } catch (error) {
      throw toPasskeyError(toAccountError(error, signal))
    }
  }
  const device = (id: string): string => `devices/${encodeURIComponent(id)}`

  return {
    passkeys: {
      list: ({ signal } = {}) =>
        run(
          async (call) => (await call<{ devices: Device[] }>('GET', 'devices')).devices.map(toPasskey),
          signal,
        ),
      add: ({ signal } = {}) =>
        ceremony('create', signal, () =>
          run(async (call) => toPasskey(await addPasskey(call, signal)), signal),
        ).catch(asCode('taken', 'has-passkey')),
      rename: (id, name, { signal } = {}) =>
        run(
          async (call) =>
            toPasskey((await call<{ device: Device }>('PATCH', device(id), { friendly_name: name })).device),
          signal,
        ),
      remove: (id, { signal } = {}) =>
        run((call) => withConfirmation(call, signal, () => call<void>('DELETE', device(id))), signal)
          .catch(asCode('taken', 'only-passkey'))
          .catch(ignoreMissing),
    },
    sessions: {
      list: ({ signal } = {}) =>
        run(
          async (call) =>
            (await call<{ sessions: SessionOfUser[] }>('GET', 'sessions')).sessions.map(toSession),
          signal,
        ),
      end: (id, { signal } = {}) =>
        run((call) => call<void>('DELETE', `sessions/${encodeURIComponent(id)}`), signal).catch(
          ignoreMissing,
        ),
      endOthers: ({ signal } = {}) => run((call) => call<void>('DELETE', 'sessions?others=true'), signal),
    },
  }
}

/** Runs a change of passkeys. If the sign-in is too long ago for it, the user confirms with a passkey, and it runs once more. */
async function withConfirmation<T>(
  call: AccountCall,
  signal: AbortSignal | undefined,
  change: () => Promise<T>,
): Promise<T> {
  try {
    return await change()
  } catch (error) {
    if (codeOf(error) !== 'sign-in-too-old') throw error
    await confirm(call, signal)
    return change()
  }
}

async function addPasskey(call: AccountCall, signal: AbortSignal | undefined): Promise<Device> {
  const start = () => call<Started>('POST', 'devices/start', {})
  const { handshake } = await withConfirmation(call, signal, start)
  if (signal?.aborted) throw new PasskeyError('cancelled')
  const response = await createPasskey(handshake.challenge.publicKey, signal)
  const body = { handshake_id: handshake.id, handshake_response: response }
  return (await call<{ device: Device }>('POST', 'devices/finish', body)).device
}

const codeOf = (error: unknown): PasskeyErrorCode | undefined =>
  isPasskeyError(error) ? error.code : undefined

/** For `.catch()`: some codes of the server mean something else here. */
const asCode =
  (from: PasskeyErrorCode, to: PasskeyErrorCode) =>
  (error: PasskeyError): never => {
    throw error.code === from ? new PasskeyError(to, { cause: error.cause }) : error
  }

/** For `.catch()`: what is not there any more need not be removed. */
function ignoreMissing(error: PasskeyError): void {
  if (error.code !== 'not-found') throw error
}
