import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useState, type FormEvent, type ReactElement, type ReactNode } from 'react'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import styles from './dialog.module.css'
import { TextField } from './field.tsx'

interface ConfirmProps {
  /** The element that opens the dialog. Without it, use `open` and `onOpenChange`. */
  readonly trigger?: ReactElement
  readonly open?: boolean
  readonly onOpenChange?: (open: boolean) => void
  readonly title: string
  readonly children: ReactNode
  /** The label of the confirm button: a verb that names the action. */
  readonly action: string
  readonly variant?: 'danger' | 'primary'
  /** A word that the admin must type first, for actions with serious effects. */
  readonly confirmationWord?: string
  readonly onConfirm: () => void
}

/** Shows a dialog that asks for confirmation before an action that cannot be undone. */
export function Confirm({
  trigger,
  open: controlledOpen,
  onOpenChange,
  title,
  children,
  action,
  variant = 'danger',
  confirmationWord,
  onConfirm,
}: ConfirmProps) {
  const [ownOpen, setOwnOpen] = useState(false)
  const [word, setWord] = useState('')
  const open = controlledOpen ?? ownOpen
  const changeOpen = (next: boolean): void => {
    setWord('')
    setOwnOpen(next)
    onOpenChange?.(next)
  }
  const confirm = (event: FormEvent): void => {
    event.preventDefault()
    if (confirmationWord !== undefined && word !== confirmationWord) return
    onConfirm()
    changeOpen(false)
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={changeOpen}>
      {trigger && <AlertDialog.Trigger render={trigger} />}
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={styles['backdrop']} />
        <AlertDialog.Popup className={styles['popup']} render={<form onSubmit={confirm} />}>
          <AlertDialog.Title className={styles['title']}>{title}</AlertDialog.Title>
          <AlertDialog.Description render={<div />} className={styles['description']}>
            {children}
          </AlertDialog.Description>
          {confirmationWord !== undefined && (
            <TextField
              label={t.confirm.type(confirmationWord)}
              value={word}
              onChange={setWord}
              autoComplete="off"
            />
          )}
          <div className={styles['actions']}>
            <AlertDialog.Close render={<Button />}>{t.actions.cancel}</AlertDialog.Close>
            <Button
              variant={variant}
              type="submit"
              disabled={confirmationWord !== undefined && word !== confirmationWord}
            >
              {action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
