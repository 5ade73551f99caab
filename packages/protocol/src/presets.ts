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
 * Session settings to start from. The NIST presets have the reauthentication limits of SP 800-63B-4, and none of
 * its other requirements. Lifetimes are in seconds.
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
    name: 'Timeouts of NIST AAL1',
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
    name: 'Timeouts of NIST AAL2',
    description:
      'SP 800-63B-4: at most 24 hours, and one hour of inactivity. AAL2 also needs passkeys that verify the person: see App settings.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * MINUTE,
      refresh_absolute_lifetime: 24 * HOUR,
      refresh_inactivity_lifetime: HOUR,
    },
  },
  {
    id: 'nist-aal3',
    name: 'Timeouts of NIST AAL3',
    description:
      'SP 800-63B-4: at most 12 hours, and 15 minutes of inactivity. AAL3 also needs device-bound passkeys in attested hardware, which this server does not check.',
    settings: {
      refresh_enabled: true,
      session_timeout_length: 5 * MINUTE,
      refresh_absolute_lifetime: 12 * HOUR,
      refresh_inactivity_lifetime: 15 * MINUTE,
    },
  },
]
