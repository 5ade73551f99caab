import { useState } from 'react'
import type { ManagedApp } from '../api/apps.ts'

const changesBetween = <Values extends object>(before: Values, after: Values): Partial<Values> =>
  Object.fromEntries(
    Object.entries(after).filter(([field, value]) => !Object.is(before[field as keyof Values], value)),
  ) as Partial<Values>

/**
 * What the admin is about to save: the app as it was when they began, and what they changed. `valuesOf` picks what is
 * edited: texts, numbers and switches.
 */
export function useDraft<Values extends object>(app: ManagedApp, valuesOf: (app: ManagedApp) => Values) {
  const [base, setBase] = useState(app)
  const [change, setChange] = useState<Partial<Values>>({})
  /** One more each time the fields are to be filled in anew. */
  const [round, setRound] = useState(0)
  const dirty = Object.keys(change).length > 0
  // While nothing is edited, the page follows what is saved.
  const on = dirty ? base : app
  const before = valuesOf(on)
  const values: Values = { ...before, ...change }
  const set = (next: Partial<Values>): void => {
    setBase(on)
    setChange(changesBetween(before, { ...values, ...next }))
  }

  return {
    values,
    before,
    change,
    dirty,
    round,
    version: on.version,
    valuesOf,
    set,
    fill: (next: Values): void => {
      set(next)
      setRound((n) => n + 1)
    },
    discard: (): void => {
      setChange({})
      setRound((n) => n + 1)
    },
  }
}

export type Draft<Values extends object> = ReturnType<typeof useDraft<Values>>
