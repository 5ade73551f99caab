import { settingsChange, settingsFault, type Settings } from '@tokenkeep/protocol'
import type { ManagedApp } from '../../api/apps.ts'

export const lifetimes = [
  'session_timeout_length',
  'refresh_inactivity_lifetime',
  'refresh_absolute_lifetime',
] as const
export type Lifetime = (typeof lifetimes)[number]
export type Field = Lifetime | 'refresh_enabled'
export const fields: readonly Field[] = ['refresh_enabled', ...lifetimes]

export const settingsOf = (app: ManagedApp): Settings => ({
  refresh_enabled: app.refresh_enabled,
  session_timeout_length: app.session_timeout_length,
  refresh_absolute_lifetime: app.refresh_absolute_lifetime,
  refresh_inactivity_lifetime: app.refresh_inactivity_lifetime,
})

export interface Faults {
  readonly fields: Readonly<Partial<Record<Field, string>>>
  /** What is wrong with the combination. */
  readonly whole?: string | undefined
}

/** What the server would refuse, in its words. */
export function faultsOf(settings: Settings): Faults {
  const parsed = settingsChange.safeParse(settings)
  if (parsed.success) return { fields: {}, whole: settingsFault(settings) }
  return {
    fields: Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0] as Field, message])),
  }
}

export const isSound = ({ fields, whole }: Faults): boolean => !whole && Object.keys(fields).length === 0

export type Check =
  | 'inactivity-never'
  | 'active-signed-out'
  | 'inactivity-tight'
  | 'absolute-before-refresh'
  | 'no-absolute'
  | 'no-inactivity'

/** What is allowed, and may surprise: the timeouts against each other. */
export function checksOf(settings: Settings): Check[] {
  if (!settings.refresh_enabled) return []
  const token = settings.session_timeout_length
  const absolute = settings.refresh_absolute_lifetime
  const inactivity = settings.refresh_inactivity_lifetime
  const checks: Check[] = []
  if (absolute && inactivity >= absolute) checks.push('inactivity-never')
  if (inactivity && inactivity <= token) checks.push('active-signed-out')
  else if (inactivity && inactivity < 2 * token) checks.push('inactivity-tight')
  if (absolute && absolute <= token) checks.push('absolute-before-refresh')
  if (!absolute) checks.push('no-absolute')
  if (!inactivity) checks.push('no-inactivity')
  return checks
}

export type Effect =
  | 'refresh-on'
  | 'refresh-off'
  | `${'lifetime' | 'absolute' | 'inactivity'}-${'lower' | 'higher'}`

const names = {
  session_timeout_length: 'lifetime',
  refresh_absolute_lifetime: 'absolute',
  refresh_inactivity_lifetime: 'inactivity',
} as const

/** What a change does to the sessions that are live. */
export function effectsOf(before: Settings, after: Settings): Effect[] {
  const effects: Effect[] = []
  if (before.refresh_enabled !== after.refresh_enabled)
    effects.push(after.refresh_enabled ? 'refresh-on' : 'refresh-off')
  // Where nothing was renewed, nothing that lives has limits to change.
  if (!before.refresh_enabled) return effects
  for (const field of lifetimes) {
    // No limit is longer than any.
    const [was, is] = [before[field] || Infinity, after[field] || Infinity]
    if (was !== is) effects.push(`${names[field]}-${is < was ? 'lower' : 'higher'}`)
  }
  return effects
}

/** True where saving signs people out. */
export const endsSessions = (effects: readonly Effect[]): boolean =>
  effects.includes('absolute-lower') || effects.includes('inactivity-lower')
