import { endAllSessions, type ManagedApp } from '../../api/apps.ts'
import { useLiveSessions } from '../../api/live-sessions.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Panel } from '../../ui/panel.tsx'

const texts = t.sessionManagement.everyone

/** Ends every session of an app. The admin must type the app id first. */
export function SignOutEveryone({ app }: { readonly app: ManagedApp }) {
  const signOut = useApiMutation({ mutationFn: () => endAllSessions(app.id), successMessage: texts.done })
  const live = useLiveSessions(app.id)
  return (
    <Panel title={texts.title} description={texts.description}>
      <Confirm
        trigger={<Button variant="danger">{texts.action}</Button>}
        title={texts.confirmTitle(app.name)}
        action={texts.action}
        confirmationWord={app.id}
        onConfirm={() => signOut.mutate(undefined)}
      >
        {live !== undefined && <p>{texts.live(live)}</p>}
        <p>{texts.confirmText}</p>
      </Confirm>
    </Panel>
  )
}
