import { Plus } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import { LoseSecret } from './lose-secret.tsx'
import { Dialog, DialogActions } from './dialog.tsx'
import styles from './dialog.module.css'

interface FormDialogProps {
  /** The label of the button that opens the dialog and of the submit button. */
  readonly action: string
  readonly variant?: 'primary'
  readonly title: string
  readonly description?: ReactNode
  /** True if the form can be submitted now. */
  readonly ready: boolean
  readonly onSubmit: () => void
  /** Called when the dialog opens or closes. It must clear the fields and the errors. */
  readonly onReset: () => void
  /** What replaces the form after success, and the label of the close button. */
  readonly result?: { readonly content: ReactNode; readonly close: string } | undefined
  readonly children: ReactNode
}

/** Shows a button. It opens a dialog with a form that creates something. */
export function FormDialog(props: FormDialogProps) {
  const { action, variant, title, description, ready, onSubmit, onReset, result, children } = props
  const [open, setOpen] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const changeOpen = (next: boolean): void => {
    onReset()
    setOpen(next)
  }
  return (
    <>
      <Button {...(variant && { variant })} onClick={() => changeOpen(true)}>
        <Plus aria-hidden />
        {action}
      </Button>
      <Dialog
        open={open}
        onOpenChange={(next) => (result && !next ? setLeaving(true) : changeOpen(next))}
        title={title}
        description={description}
      >
        {result ? (
          <>
            {result.content}
            <DialogActions>
              <Button variant="primary" onClick={() => changeOpen(false)}>
                {result.close}
              </Button>
            </DialogActions>
            <LoseSecret open={leaving} onOpenChange={setLeaving} onConfirm={() => changeOpen(false)} />
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
              <Button variant="quiet" onClick={() => changeOpen(false)}>
                {t.actions.cancel}
              </Button>
              <Button variant="primary" type="submit" disabled={!ready}>
                {action}
              </Button>
            </DialogActions>
          </form>
        )}
      </Dialog>
    </>
  )
}
