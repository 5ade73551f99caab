import { useBlocker } from '@tanstack/react-router'
import { t } from '../texts/index.ts'
import { Confirm } from '../ui/confirm.tsx'

const texts = t.editing.leave

/** Asks for confirmation before the admin leaves a page with unsaved changes. */
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
      title={texts.title}
      action={texts.action}
      onConfirm={() => proceed?.()}
    >
      {texts.text}
    </Confirm>
  )
}
