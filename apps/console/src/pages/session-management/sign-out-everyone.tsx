import { endAllSessions, type ManagedApp } from '../../api/apps.ts'
import { useChange } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Panel } from '../../ui/panel.tsx'

const words = t.sessionManagement.everyone

/** The end of every session of an app. */
export function Everyone({ app }: { readonly app: ManagedApp }) {
  const end = useChange({ run: () => endAllSessions(app.id), done: words.done })
  return (
    <Panel title={words.title} description={words.description}>
      <Confirm
        trigger={<Button look="danger">{words.action}</Button>}
        title={words.confirmTitle(app.name)}
        action={words.action}
        typed={app.id}
        onConfirm={() => end.mutate(undefined)}
      >
        {words.confirmText}
      </Confirm>
    </Panel>
  )
}
