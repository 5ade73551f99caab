import '@tokenkeep/elements/define'
import { useEffect } from 'react'
import { useQuestion } from '../api/reauthentication.ts'
import { consoleApp, server } from '../session.ts'
import { t } from '../texts/index.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogActions } from '../ui/dialog.tsx'

/** Asks the admin for their passkey before a change, if they signed in too long ago. Then the change goes on. */
export function ReauthenticateDialog() {
  const question = useQuestion()
  // If the session ends meanwhile, the sign-in page replaces this dialog.
  useEffect(() => () => question?.cancel(), [question])
  return (
    <Dialog
      open={question !== undefined}
      onOpenChange={(open) => !open && question?.cancel()}
      title={t.reauthentication.title}
      description={t.reauthentication.text}
      above
    >
      <tokenkeep-reauthenticate
        app-id={consoleApp}
        server={server}
        onreauthenticated={() => question?.confirm()}
      />
      <DialogActions>
        <Button variant="quiet" onClick={() => question?.cancel()}>
          {t.actions.cancel}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
