import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronsUpDown } from 'lucide-react'
import type { ControlProps } from './field.tsx'
import styles from './select.module.css'

export interface Choice<Value> {
  readonly value: Value
  readonly label: string
}

interface SelectProps<Value> {
  /** The accessible name. */
  readonly label: string
  readonly choices: readonly Choice<Value>[]
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly disabled?: boolean
  /** Connects it to the label, the hint and the error of a `Field`. */
  readonly control?: ControlProps
}

export function Select<Value extends string>({
  label,
  choices,
  value,
  onChange,
  disabled = false,
  control,
}: SelectProps<Value>) {
  return (
    <Base.Root
      items={choices}
      value={value}
      disabled={disabled}
      onValueChange={(next) => next !== null && onChange(next)}
    >
      <Base.Trigger {...control} className={styles['trigger']} aria-label={label}>
        <Base.Value className={styles['value']} />
        <Base.Icon className={styles['icon']}>
          <ChevronsUpDown aria-hidden />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={styles['positioner']} sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className={styles['popup']}>
            <Base.List>
              {choices.map((choice) => (
                <Base.Item key={choice.value} value={choice.value} className={styles['item']}>
                  <Base.ItemText>{choice.label}</Base.ItemText>
                  <Base.ItemIndicator className={styles['mark']}>
                    <Check aria-hidden />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
