import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useState, type FormEvent, type ReactElement, type ReactNode } from 'react'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import styles from './dialog.module.css'
import { TextField } from './field.tsx'

interface ConfirmProps {
  /** What opens it; or `open` and `onOpenChange`. */
  readonly trigger?: ReactElement
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly title: string
  readonly children: ReactNode
  /** The button that does it, named for what it does. */
  readonly action: string
  readonly look?: 'danger' | 'primary'
  /** A word to type first, for what nobody should do in passing. */
  readonly typed?: string
  readonly onConfirm: () => void
}

/** Asks before something is done that cannot be taken back. */
export function Confirm({
  trigger,
  open: held,
  onOpenChange,
  title,
  children,
  action,
  look = 'danger',
  typed,
  onConfirm,
}: ConfirmProps) {
  const [own, setOwn] = useState(false)
  const [word, setWord] = useState('')
  const open = held ?? own
  const show = (next: boolean): void => {
    setWord('')
    setOwn(next)
    onOpenChange?.(next)
  }
  const confirm = (event: FormEvent): void => {
    event.preventDefault()
    if (typed !== undefined && word !== typed) return
    onConfirm()
    show(false)
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={show}>
      {trigger && <AlertDialog.Trigger render={trigger} />}
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles['backdrop']} />
        <AlertDialog.Popup className={styles['popup']} render={<form onSubmit={confirm} />}>
          <AlertDialog.Title className={styles['title']}>{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className={styles['description']}>
            {children}
          </AlertDialog.Description>
          {typed !== undefined && (
            <TextField label={t.confirm.type(typed)} value={word} onChange={setWord} autoComplete="off" />
          )}
          <div className={styles['actions']}>
            <AlertDialog.Close render={<Button />}>{t.actions.cancel}</AlertDialog.Close>
            <Button look={look} type="submit" disabled={typed !== undefined && word !== typed}>
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
