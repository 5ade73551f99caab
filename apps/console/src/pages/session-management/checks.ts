import { settingsChange, settingsFault, type Settings } from '@tokenkeep/protocol'
import type { ManagedApp } from '../../api/apps.ts'
import { formatDuration } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'

const texts = t.sessionManagement.faults

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

/** Seconds. The server has the same limits, and `validate` asks its schema too. */
const longestToken = ({ refresh_enabled }: Settings): number => (refresh_enabled ? 600 : 86_400)
const LONGEST_SESSION = 34_560_000
const SHORTEST_TOKEN = 5

/** Says what is wrong with one lifetime, with durations as the page shows them. */
function faultOf(field: Lifetime, settings: Settings): string | undefined {
  const seconds = settings[field]
  const isToken = field === 'session_timeout_length'
  const longest = isToken ? longestToken(settings) : LONGEST_SESSION
  if (Number.isNaN(seconds)) return texts.number
  if (isToken && seconds < SHORTEST_TOKEN) return texts.atLeast(formatDuration(SHORTEST_TOKEN))
  if (seconds < 0) return texts.number
  if (seconds > longest)
    return (isToken && settings.refresh_enabled ? texts.atMostWithRefresh : texts.atMost)(
      formatDuration(longest),
    )
  return Number.isInteger(seconds) ? undefined : texts.wholeSeconds
}

/** Validates like the server. Each error is at its field. `combination` has a fault that only the schema of the server finds. */
export function validate(settings: Settings): ValidationErrors {
  const shown = settings.refresh_enabled ? lifetimes : lifetimes.slice(0, 1)
  const faults = shown.flatMap((field) => {
    const fault = faultOf(field, settings)
    return fault ? [[field, fault] as const] : []
  })
  if (faults.length > 0) return { fields: Object.fromEntries(faults) }
  const { refresh_enabled, refresh_absolute_lifetime, refresh_inactivity_lifetime } = settings
  if (refresh_enabled && !refresh_absolute_lifetime && !refresh_inactivity_lifetime)
    return {
      fields: { refresh_absolute_lifetime: texts.oneLimit, refresh_inactivity_lifetime: texts.oneLimit },
    }
  const parsed = settingsChange.safeParse(settings)
  return { fields: {}, combination: parsed.error?.issues[0]?.message ?? settingsFault(settings) }
}

/** Returns settings for a preview: saved values replace those that are not valid. */
export function validPart(settings: Settings, errors: ValidationErrors, saved: Settings): Settings {
  const invalid = Object.keys(errors.fields) as Field[]
  const part = { ...settings, ...Object.fromEntries(invalid.map((field) => [field, saved[field]])) }
  return isValid(validate(part)) ? part : saved
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
  (['refresh-off', 'absolute-lower', 'inactivity-lower'] as const).some((effect) => effects.includes(effect))
