import { Checkbox } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import { useId, useState } from 'react'
import { unitName, unitOf, units, type Unit } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Field, inputClass } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './duration-field.module.css'

const words = t.sessionManagement

interface DurationFieldProps {
  readonly label: string
  readonly hint: string
  readonly error?: string | undefined
  /** NaN for what is no number; 0 for no limit. */
  readonly seconds: number
  readonly onChange: (seconds: number) => void
  /** What it goes back to when a limit is wanted again; without it, there is always one. */
  readonly limitless?: number
}

/** A duration as people say it: a number and a unit. */
export function DurationField({ label, hint, error, seconds, onChange, limitless }: DurationFieldProps) {
  const [unit, setUnit] = useState<Unit>(() => unitOf(seconds))
  const [text, setText] = useState(`${seconds / units[unit]}`)
  const endless = limitless !== undefined && seconds === 0
  const checkbox = useId()

  const type = (next: string, of: Unit): void => {
    setText(next)
    setUnit(of)
    onChange(next.trim() === '' ? Number.NaN : Number(next.replace(',', '.')) * units[of])
  }
  const setEndless = (next: boolean): void => {
    const back = limitless ?? 0
    setUnit(unitOf(back))
    setText(`${back / units[unitOf(back)]}`)
    onChange(next ? 0 : back)
  }

  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <div className={styles['row']}>
          <input
            {...control}
            className={inputClass}
            inputMode="decimal"
            autoComplete="off"
            value={endless ? '' : text}
            disabled={endless}
            placeholder={endless ? words.noLimit : undefined}
            onChange={(event) => type(event.target.value, unit)}
          />
          <Select
            label={words.unit(label)}
            choices={(Object.keys(units) as Unit[])
              .toReversed()
              .map((value) => ({ value, label: unitName(seconds / units[unit] || 0, value) }))}
            value={unit}
            onChange={(next) => type(text, next)}
            disabled={endless}
          />
          {limitless !== undefined && (
            <label htmlFor={checkbox} className={styles['endless']}>
              <Checkbox.Root
                id={checkbox}
                nativeButton
                render={<button />}
                aria-label={words.noLimitOf(label)}
                className={styles['box']}
                checked={endless}
                onCheckedChange={setEndless}
              >
                <Checkbox.Indicator className={styles['mark']}>
                  <Check aria-hidden />
                </Checkbox.Indicator>
              </Checkbox.Root>
              {words.noLimit}
            </label>
          )}
        </div>
      )}
    </Field>
  )
}
