import type { Environment } from './environment.ts'
import type { Store } from './store.ts'
import type { Send, Transport } from './transport.ts'

/** What the parts of one manager share. */
export interface Context {
  readonly env: Environment
  readonly store: Store
  readonly transport: Pick<Transport<never>, 'key' | 'refresh' | 'revoke'>
  readonly send: Send
  /** Aborted when the manager is disposed of. */
  readonly stopped: AbortSignal
}
