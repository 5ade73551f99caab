import { useState } from 'react'
import type { ManagedApp } from '../api/apps.ts'

const changesBetween = <Values extends object>(before: Values, after: Values): Partial<Values> =>
  Object.fromEntries(
    Object.entries(after).filter(([field, value]) => !Object.is(before[field as keyof Values], value)),
  ) as Partial<Values>

/**
 * Keeps the unsaved edits of an app: the app as it was when editing began, and the changed values. `valuesOf` picks the
 * values to edit; each must be a primitive.
 */
export function useDraft<Values extends object>(app: ManagedApp, valuesOf: (app: ManagedApp) => Values) {
  const [base, setBase] = useState(app)
  const [change, setChange] = useState<Partial<Values>>({})
  /** A React key for the fields: a new number makes them read their values again. */
  const [fieldsKey, setFieldsKey] = useState(0)
  const dirty = Object.keys(change).length > 0
  // Without edits, the page shows the latest saved app.
  const source = dirty ? base : app
  const before = valuesOf(source)
  const values: Values = { ...before, ...change }
  const set = (next: Partial<Values>): void => {
    setBase(source)
    setChange(changesBetween(before, { ...values, ...next }))
  }

  return {
    values,
    before,
    change,
    dirty,
    fieldsKey,
    version: source.version,
    valuesOf,
    set,
    fill: (next: Values): void => {
      set(next)
      setFieldsKey((n) => n + 1)
    },
    discard: (): void => {
      setChange({})
      setFieldsKey((n) => n + 1)
    },
  }
}

export type Draft<Values extends object> = ReturnType<typeof useDraft<Values>>
