import { Checkbox } from '@base-ui/react/checkbox'
import { Check } from 'lucide-react'
import { useId, useState } from 'react'
import { unitName, unitOf, units, type Unit } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Field, inputClass } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './duration-field.module.css'

const texts = t.sessionManagement

interface DurationFieldProps {
  readonly label: string
  readonly hint: string
  readonly error?: string | undefined
  /** NaN if the text is not a number; 0 means no limit. */
  readonly seconds: number
  readonly onChange: (seconds: number) => void
  /** Seconds to restore after "No limit" is unchecked. Without it, the field has no such checkbox. */
  readonly restoredLimit?: number
}

/** Edits a duration as a number and a unit. */
export function DurationField({ label, hint, error, seconds, onChange, restoredLimit }: DurationFieldProps) {
  const [unit, setUnit] = useState<Unit>(() => unitOf(seconds))
  const [text, setText] = useState(`${seconds / units[unit]}`)
  const unlimited = restoredLimit !== undefined && seconds === 0
  const checkbox = useId()

  const change = (next: string, nextUnit: Unit): void => {
    setText(next)
    setUnit(nextUnit)
    onChange(next.trim() === '' ? Number.NaN : Number(next.replace(',', '.')) * units[nextUnit])
  }
  const setUnlimited = (next: boolean): void => {
    const restored = restoredLimit ?? 0
    setUnit(unitOf(restored))
    setText(`${restored / units[unitOf(restored)]}`)
    onChange(next ? 0 : restored)
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
            value={unlimited ? '' : text}
            disabled={unlimited}
            placeholder={unlimited ? texts.noLimit : undefined}
            onChange={(event) => change(event.target.value, unit)}
          />
          <Select
            label={texts.unit(label)}
            choices={(Object.keys(units) as Unit[])
              .toReversed()
              .map((value) => ({ value, label: unitName(seconds / units[unit] || 0, value) }))}
            value={unit}
            onChange={(next) => change(text, next)}
            disabled={unlimited}
          />
          {restoredLimit !== undefined && (
            <label htmlFor={checkbox} className={styles['unlimited']}>
              <Checkbox.Root
                id={checkbox}
                nativeButton
                render={<button />}
                aria-label={texts.noLimitOf(label)}
                className={styles['box']}
                checked={unlimited}
                onCheckedChange={setUnlimited}
              >
                <Checkbox.Indicator className={styles['mark']}>
                  <Check aria-hidden />
                </Checkbox.Indicator>
              </Checkbox.Root>
              {texts.noLimit}
            </label>
          )}
        </div>
      )}
    </Field>
  )
}
