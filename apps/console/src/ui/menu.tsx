import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import styles from './select.module.css'

interface MenuProps {
  readonly trigger: ReactElement
  readonly align?: 'start' | 'end'
  readonly children: ReactNode
}

export function Menu({ trigger, align = 'end', children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles['positioner']} sideOffset={4} align={align}>
          <Base.Popup className={styles['popup']}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps {
  readonly children: ReactNode
  readonly onClick?: () => void
  /** A link element, if the item navigates. */
  readonly render?: ReactElement
}
export function MenuItem({ children, ...props }: MenuItemProps) {
  return (
    <Base.Item className={styles['item']} {...props}>
      {children}
    </Base.Item>
  )
}

export function MenuSeparator() {
  return <Base.Separator className={styles['separator']} />
}

interface MenuRadioGroupProps<Value> {
  readonly label: string
  readonly choices: readonly { readonly value: Value; readonly label: string }[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}
export function MenuRadioGroup<Value extends string>({
  label,
  choices,
  value,
  onChange,
}: MenuRadioGroupProps<Value>) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange}>
      <Base.GroupLabel className={styles['group']}>{label}</Base.GroupLabel>
      {choices.map((choice) => (
        <Base.RadioItem key={choice.value} value={choice.value} className={styles['item']} closeOnClick>
          {choice.label}
          <Base.RadioItemIndicator className={styles['mark']}>
            <Check aria-hidden />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

interface MenuCheckboxesProps<Value> {
  readonly choices: readonly { readonly value: Value; readonly label: string }[]
  readonly value: readonly Value[]
  readonly onChange: (value: Value[]) => void
}
/** Shows menu items that the user checks and unchecks, each independently of the others. */
export function MenuCheckboxes<Value extends string>({
  choices,
  value,
  onChange,
}: MenuCheckboxesProps<Value>) {
  return choices.map((choice) => (
    <Base.CheckboxItem
      key={choice.value}
      checked={value.includes(choice.value)}
      onCheckedChange={(checked) =>
        onChange(checked ? [...value, choice.value] : value.filter((other) => other !== choice.value))
      }
      className={styles['item']}
    >
      {choice.label}
      <Base.CheckboxItemIndicator className={styles['mark']}>
        <Check aria-hidden />
      </Base.CheckboxItemIndicator>
    </Base.CheckboxItem>
  ))
}
