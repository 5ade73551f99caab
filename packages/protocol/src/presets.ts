import type { Settings } from './settings.ts'

/** Session settings with a name and a description. */
export interface Preset {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly settings: Settings
}

const minutes = 60
const hours = 3600
const days = 86_400

/**
 * Session settings to start from. The NIST presets are the reauthentication limits of SP 800-63B-4. Lifetimes are in
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
      session_timeout_length: 5 * minutes,
      refresh_absolute_lifetime: 30 * days,
      refresh_inactivity_lifetime: 7 * days,
    },
  },
  {
    id: 'nist-aal1',
    name: 'NIST AAL1',
    description: 'SP 800-63B-4: at most 30 days.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * minutes,
      refresh_absolute_lifetime: 30 * days,
      refresh_inactivity_lifetime: 0,
    },
  },
  {
    id: 'nist-aal2',
    name: 'NIST AAL2',
    description: 'SP 800-63B-4: at most 24 hours, and one hour of inactivity.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * minutes,
      refresh_absolute_lifetime: 24 * hours,
      refresh_inactivity_lifetime: hours,
    },
  },
  {
    id: 'nist-aal3',
    name: 'NIST AAL3',
    description: 'SP 800-63B-4: at most 12 hours, and 15 minutes of inactivity.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * minutes,
      refresh_absolute_lifetime: 12 * hours,
      refresh_inactivity_lifetime: 15 * minutes,
    },
  },
]
