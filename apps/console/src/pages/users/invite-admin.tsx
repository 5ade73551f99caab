import { UserPlus } from 'lucide-react'
import { inviteAdmin } from '../../api/apps.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'

const texts = t.users

/** Creates a link that makes the first person who uses it an admin. */
export function InviteAdmin() {
  const invite = useApiMutation({ mutationFn: inviteAdmin })
  return (
    <>
      <Button variant="primary" disabled={invite.isPending} onClick={() => invite.mutate(undefined)}>
        <UserPlus aria-hidden />
        {texts.invite}
      </Button>
      <Dialog
        open={invite.data !== undefined}
        onOpenChange={() => invite.reset()}
        title={texts.inviteTitle}
        description={texts.inviteText}
      >
        {invite.data && <CopyText whole text={invite.data.url} what={texts.inviteLink} />}
        <DialogActions>
          <Button variant="primary" onClick={() => invite.reset()}>
            {t.actions.close}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
