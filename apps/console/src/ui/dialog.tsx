import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { isAsking } from '../api/reauthentication.ts'
import styles from './dialog.module.css'

interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description?: ReactNode
  readonly wide?: boolean
  /** Whether it asks for a passkey: then the other dialogs stay open below it. Default: false. */
  readonly above?: boolean
  readonly children: ReactNode
}

/** Shows a controlled dialog. Its children mount each time it opens. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, wide = false, above = false, children } = props
  const changeOpen = (next: boolean): void => {
    if (next || above || !isAsking()) onOpenChange(next)
  }
  return (
    <Base.Root open={open} onOpenChange={changeOpen}>
      <Base.Portal>
        <Base.Backdrop className={styles['backdrop']} />
        <Base.Popup className={`${styles['popup']} ${wide ? styles['wide'] : ''}`}>
          <Base.Title className={styles['title']}>{title}</Base.Title>
          {description !== undefined && (
            <Base.Description render={<div />} className={styles['description']}>
              {description}
            </Base.Description>
          )}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** Shows the row of buttons at the end of a dialog. The main action comes last. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className={styles['actions']}>{children}</div>
}
