import { useState } from 'react'
import { presets, type Settings } from '@tokenkeep/protocol'
import type { ManagedApp } from '../../api/apps.ts'
import { lifetimes, type Field } from './checks.ts'

export const fields: readonly Field[] = ['refresh_enabled', ...lifetimes]

export const settingsOf = (app: ManagedApp): Settings => ({
  refresh_enabled: app.refresh_enabled,
  session_timeout_length: app.session_timeout_length,
  refresh_absolute_lifetime: app.refresh_absolute_lifetime,
  refresh_inactivity_lifetime: app.refresh_inactivity_lifetime,
})

const changesBetween = (before: Settings, after: Settings): Partial<Settings> =>
  Object.fromEntries(
    fields.filter((field) => !Object.is(before[field], after[field])).map((field) => [field, after[field]]),
  )

/** What the admin is about to save: the app as it was when they began, and what they changed. */
export function useDraft(app: ManagedApp) {
  const [base, setBase] = useState(app)
  const [change, setChange] = useState<Partial<Settings>>({})
  /** One more each time the fields are to be filled in anew. */
  const [round, setRound] = useState(0)
  const dirty = Object.keys(change).length > 0
  // While nothing is edited, the page follows what is saved.
  const on = dirty ? base : app
  const before = settingsOf(on)
  const settings: Settings = { ...before, ...change }

  return {
    settings,
    before,
    change,
    dirty,
    round,
    version: on.version,
    set: (next: Partial<Settings>): void => {
      setBase(on)
      setChange(changesBetween(before, { ...settings, ...next }))
    },
    choose: (id: string): void => {
      setBase(on)
      const chosen = presets.find((preset) => preset.id === id)
      if (chosen) setChange(changesBetween(before, chosen.settings))
      setRound((n) => n + 1)
    },
    discard: (): void => {
      setChange({})
      setRound((n) => n + 1)
    },
  }
}

export type Draft = ReturnType<typeof useDraft>
