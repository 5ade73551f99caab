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

export interface ValidationErrors {
  readonly fields: Readonly<Partial<Record<Field, string>>>
  /** The error in the combination of settings. */
  readonly combination?: string | undefined
}

/** Validates like the server, with the same error messages. */
export function validate(settings: Settings): ValidationErrors {
  const parsed = settingsChange.safeParse(settings)
  if (parsed.success) return { fields: {}, combination: settingsFault(settings) }
  return {
    fields: Object.fromEntries(parsed.error.issues.map(({ path, message }) => [path[0] as Field, message])),
  }
}

export const isValid = ({ fields, combination }: ValidationErrors): boolean =>
  !combination && Object.keys(fields).length === 0

export type Warning =
  | 'inactivity-never'
  | 'active-signed-out'
  | 'inactivity-tight'
  | 'absolute-before-refresh'
  | 'no-absolute'
  | 'no-inactivity'

/** Finds allowed combinations of timeouts with surprising results. */
export function warningsOf(settings: Settings): Warning[] {
  if (!settings.refresh_enabled) return []
  const token = settings.session_timeout_length
  const absolute = settings.refresh_absolute_lifetime
  const inactivity = settings.refresh_inactivity_lifetime
  const warnings: Warning[] = []
  if (absolute && inactivity >= absolute) warnings.push('inactivity-never')
  if (inactivity && inactivity <= token) warnings.push('active-signed-out')
  else if (inactivity && inactivity < 2 * token) warnings.push('inactivity-tight')
  if (absolute && absolute <= token) warnings.push('absolute-before-refresh')
  if (!absolute) warnings.push('no-absolute')
  if (!inactivity) warnings.push('no-inactivity')
  return warnings
}

export type Effect =
  | 'refresh-on'
  | 'refresh-off'
  | `${'lifetime' | 'absolute' | 'inactivity'}-${'lower' | 'higher'}`

const effectNames = {
  session_timeout_length: 'lifetime',
  refresh_absolute_lifetime: 'absolute',
  refresh_inactivity_lifetime: 'inactivity',
} as const

/** Tells how a change of settings affects live sessions. */
export function effectsOf(before: Settings, after: Settings): Effect[] {
  const effects: Effect[] = []
  if (before.refresh_enabled !== after.refresh_enabled)
    effects.push(after.refresh_enabled ? 'refresh-on' : 'refresh-off')
  // Without refresh tokens, live sessions have no timeouts that could change.
  if (!before.refresh_enabled) return effects
  for (const field of lifetimes) {
    // 0 means no limit.
    const [old, next] = [before[field] || Infinity, after[field] || Infinity]
    if (old !== next) effects.push(`${effectNames[field]}-${next < old ? 'lower' : 'higher'}`)
  }
  return effects
}

/** True if saving signs people out. */
export const endsSessions = (effects: readonly Effect[]): boolean =>
  effects.includes('absolute-lower') || effects.includes('inactivity-lower')
