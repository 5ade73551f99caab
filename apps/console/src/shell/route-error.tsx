import { CloudOff } from 'lucide-react'
import { useEffect } from 'react'
import { t } from '../texts/index.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/query-result.tsx'

/** How often the page asks whether the server is back. Milliseconds. */
const RECOVERY_INTERVAL = 3000

/** What browsers and Vite say if the code of a page could not be loaded. */
const NOT_LOADED = /dynamically imported module|module script failed|importing a module|unable to preload/i

/** Shown if a page fails. If its code could not be loaded, reloads once the server answers. */
export function RouteError({ error }: { readonly error: unknown }) {
  const isMissing = error instanceof Error && NOT_LOADED.test(error.message)
  useEffect(() => {
    if (!isMissing) return undefined
    const timer = setInterval(() => {
      fetch(location.href, { method: 'HEAD' }).then(
        ({ ok }) => ok && location.reload(),
        () => {},
      )
    }, RECOVERY_INTERVAL)
    return () => clearInterval(timer)
  }, [isMissing])
  return (
    <div role="alert">
      <EmptyState
        icon={<CloudOff aria-hidden />}
        title={t.errors.title}
        action={<Button onClick={() => location.reload()}>{t.actions.retry}</Button>}
      >
        {isMissing ? t.errors.unreachable : t.errors.unexpected}
      </EmptyState>
    </div>
  )
}
