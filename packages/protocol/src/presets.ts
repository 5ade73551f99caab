import type { Settings } from './settings.ts'

/** Session settings with a name and a description. */
export interface Preset {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly settings: Settings
}

const MINUTE = 60
const HOUR = 3600
const DAY = 86_400

/**
 * Session settings to start from. The NIST presets have the reauthentication limits of SP 800-63B-4. Lifetimes are in
 * seconds.
 *
 * @example
 * ```ts
 * import { presets } from '@tokenkeep/protocol'
 *
 * const everyday = presets.find(({ id }) => id === 'everyday')?.settings
 * ```
 */
export const presets: readonly Preset[] = [
  {
    id: 'everyday',
    name: 'Everyday',
    description: 'Users stay signed in for a month if they use the app every week.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * MINUTE,
      refresh_absolute_lifetime: 30 * DAY,
      refresh_inactivity_lifetime: 7 * DAY,
    },
  },
  {
    id: 'nist-aal1',
    name: 'NIST AAL1',
    description: 'SP 800-63B-4: at most 30 days.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * MINUTE,
      refresh_absolute_lifetime: 30 * DAY,
      refresh_inactivity_lifetime: 0,
    },
  },
  {
    id: 'nist-aal2',
    name: 'NIST AAL2',
    description: 'SP 800-63B-4: at most 24 hours, and one hour of inactivity.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * MINUTE,
      refresh_absolute_lifetime: 24 * HOUR,
      refresh_inactivity_lifetime: HOUR,
    },
  },
  {
    id: 'nist-aal3',
    name: 'NIST AAL3',
    description: 'SP 800-63B-4: at most 12 hours, and 15 minutes of inactivity.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * MINUTE,
      refresh_absolute_lifetime: 12 * HOUR,
      refresh_inactivity_lifetime: 15 * MINUTE,
    },
  },
]
