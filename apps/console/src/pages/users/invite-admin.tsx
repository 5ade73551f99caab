import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { inviteAdmin } from '../../api/apps.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { LoseSecret } from '../../ui/lose-secret.tsx'

const texts = t.users

/** Creates a link that makes the first person who uses it an admin. */
export function InviteAdmin() {
  const invite = useApiMutation({ mutationFn: inviteAdmin })
  const [leaving, setLeaving] = useState(false)
  return (
    <>
      <Button variant="primary" disabled={invite.isPending} onClick={() => invite.mutate(undefined)}>
        <UserPlus aria-hidden />
        {texts.invite}
      </Button>
      <Dialog
        open={invite.data !== undefined}
        onOpenChange={() => setLeaving(true)}
        title={texts.inviteTitle}
        description={texts.inviteText}
      >
        {invite.data && (
          <>
            <CopyText whole text={invite.data.url} what={texts.inviteLink} />
            <LoseSecret open={leaving} onOpenChange={setLeaving} onConfirm={() => invite.reset()} />
          </>
        )}
        <DialogActions>
          <Button variant="primary" onClick={() => invite.reset()}>
            {t.actions.close}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
