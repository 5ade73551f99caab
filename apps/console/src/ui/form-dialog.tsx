import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import { Dialog, DialogActions } from './dialog.tsx'
import styles from './dialog.module.css'

interface FormDialogProps {
  /** On the button that opens it, and on the one that does it. */
  readonly action: string
  readonly look?: 'primary'
  readonly title: string
  readonly description?: ReactNode
  /** It can be done now. */
  readonly ready: boolean
  readonly onSubmit: () => void
  /** It opens or closes: what was written and said before is forgotten. */
  readonly onReset: () => void
  /** In the form's place, once there is something to show for it, with the button that closes it. */
  readonly result?: { readonly shown: ReactNode; readonly close: string } | undefined
  readonly children: ReactNode
}

/** A button, and the dialog it opens to make something new. */
export function FormDialog(props: FormDialogProps) {
  const { action, look, title, description, ready, onSubmit, onReset, result, children } = props
  const [open, setOpen] = useState(false)
  const show = (next: boolean): void => {
    onReset()
    setOpen(next)
  }
  return (
    <>
      <Button {...(look && { look })} onClick={() => show(true)}>
        <Plus aria-hidden />
        {action}
      </Button>
      <Dialog open={open} onOpenChange={show} title={title} description={description}>
        {result ? (
          <>
            {result.shown}
            <DialogActions>
              <Button look="primary" onClick={() => show(false)}>
                {result.close}
              </Button>
            </DialogActions>
          </>
        ) : (
          <form
            className={styles['form']}
            noValidate
            onSubmit={(event) => {
              event.preventDefault()
              onSubmit()
            }}
          >
            {children}
            <DialogActions>
              <Button look="quiet" onClick={() => show(false)}>
                {t.actions.cancel}
              </Button>
              <Button look="primary" type="submit" disabled={!ready}>
                {action}
              </Button>
            </DialogActions>
          </form>
        )}
      </Dialog>
    </>
  )
}
