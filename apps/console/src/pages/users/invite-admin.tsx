import { UserPlus } from 'lucide-react'
import { inviteAdmin } from '../../api/apps.ts'
import { useChange } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'

const words = t.users

/** A link that makes its first reader an admin. */
export function InviteAdmin() {
  const invite = useChange({ run: inviteAdmin })
  return (
    <>
      <Button look="primary" disabled={invite.isPending} onClick={() => invite.mutate(undefined)}>
        <UserPlus aria-hidden />
        {words.invite}
      </Button>
      <Dialog
        open={invite.data !== undefined}
        onOpenChange={() => invite.reset()}
        title={words.inviteTitle}
        description={words.inviteText}
      >
        {invite.data && <CopyText whole text={invite.data.url} what={words.inviteLink} />}
        <DialogActions>
          <Button look="primary" onClick={() => invite.reset()}>
            {t.actions.close}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
