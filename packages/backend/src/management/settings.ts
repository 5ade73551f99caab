import type { ManagedApp, SettingsChange } from '@tokenkeep/protocol'
import type { ManagementApi } from './management-api.ts'

/** The settings of an app. Lifetimes are seconds; 0 means no limit. */
export interface AppSettings {
  /** @throws ManagementError if the call fails */
  get(): Promise<ManagedApp>
  /**
   * Changes the named fields and leaves the others. `version`: the version that you read. Default: changes any version.
   *
   * @throws ManagementError `conflict` if the settings have another version now: read them again
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
