import { Switch as Base } from '@base-ui/react/switch'
import { useId } from 'react'
import styles from './switch.module.css'

interface SwitchProps {
  readonly label: string
  readonly description: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

export function Switch({ label, description, checked, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className={styles['row']}>
      <div>
        <label htmlFor={id} className={styles['label']}>
          {label}
        </label>
        <p id={`${id}-about`} className={styles['about']}>
          {description}
        </p>
      </div>
      <Base.Root
        id={id}
        nativeButton
        render={<button />}
        aria-describedby={`${id}-about`}
        checked={checked}
        onCheckedChange={onChange}
        className={styles['switch']}
      >
        <Base.Thumb className={styles['thumb']} />
      </Base.Root>
    </div>
  )
}
