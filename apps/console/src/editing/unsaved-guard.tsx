import { useBlocker } from '@tanstack/react-router'
import { t } from '../texts/index.ts'
import { Confirm } from '../ui/confirm.tsx'

const words = t.editing.leave

/** Asks before unsaved changes are left behind. */
export function UnsavedGuard({ dirty }: { readonly dirty: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: dirty,
    withResolver: true,
  })
  return (
    <Confirm
      open={status === 'blocked'}
      onOpenChange={(open) => open || reset?.()}
      title={words.title}
      action={words.action}
      onConfirm={() => proceed?.()}
    >
      {words.text}
    </Confirm>
  )
}
