import type { ManagedApp, SettingsChange } from '@tokenkeep/protocol'
import type { ManagementApi } from './management-api.ts'

/** An app's settings. Lifetimes are seconds; 0 means no limit. */
export interface AppSettings {
  get(): Promise<ManagedApp>
  /**
   * Changes what is named and leaves the rest. With the `version` that was read, rejects with `conflict` where
   * somebody else has changed them since.
   */
  update(change: SettingsChange, options?: { readonly version?: number }): Promise<ManagedApp>
}

export const createSettings = (call: ManagementApi): AppSettings => ({
  get: async () => (await call<{ app: ManagedApp }>('GET', '/settings')).app,
  async update(body, { version } = {}) {
    const headers = version === undefined ? {} : { 'if-match': `"${version}"` }
    return (await call<{ app: ManagedApp }>('PATCH', '/settings', { body, headers })).app
  },
})
