import { useBlocker } from '@tanstack/react-router'
import { t } from '../texts/index.ts'
import { Confirm } from './confirm.tsx'

interface LoseSecretProps {
  /** True if the admin is closing the dialog that shows the secret. */
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onConfirm: () => void
}

/** Asks before a secret disappears that is shown only once: if its dialog closes, or if the admin leaves the page. */
export function LoseSecret({ open, onOpenChange, onConfirm }: LoseSecretProps) {
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: () => true, withResolver: true })
  const isLeaving = status === 'blocked'
  return (
    <Confirm
      open={open || isLeaving}
      onOpenChange={(next) => {
        if (!next && isLeaving) reset()
        onOpenChange(next)
      }}
      title={t.secret.title}
      action={t.secret.action}
      onConfirm={() => (isLeaving ? proceed() : onConfirm())}
    >
      {t.secret.text}
    </Confirm>
  )
}
