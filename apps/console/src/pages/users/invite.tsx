import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { invite } from '../../api/invitations.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { consoleApp } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { CopyText } from '../../ui/copy-text.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { LoseSecret } from '../../ui/lose-secret.tsx'

const texts = t.invitations

interface InviteProps {
  readonly app: string
  /** The user whose passkeys the invitation replaces. Default: it lets one person sign up. */
  readonly user?: string
  readonly variant?: 'primary'
}

/** Makes an invitation and shows it once. */
export function Invite({ app, user, variant }: InviteProps) {
  const invitation = useApiMutation({ mutationFn: () => invite(app, user) })
  const [leaving, setLeaving] = useState(false)
  const kind = user !== undefined ? texts.replace : app === consoleApp ? texts.admin : texts.person
  const made = invitation.data
  return (
    <>
      <Button
        {...(variant && { variant })}
        disabled={invitation.isPending}
        onClick={() => invitation.mutate(undefined)}
      >
        <UserPlus aria-hidden />
        {kind.action}
      </Button>
      <Dialog
        open={made !== undefined}
        onOpenChange={() => setLeaving(true)}
        title={kind.title}
        description={
          <>
            <p>{kind.text}</p>
            {made && !made.url && <p>{texts.secretText}</p>}
          </>
        }
      >
        {made && (
          <>
            <CopyText whole text={made.url ?? made.secret} what={texts.what} />
            <LoseSecret open={leaving} onOpenChange={setLeaving} onConfirm={() => invitation.reset()} />
          </>
        )}
        <DialogActions>
          <Button variant="primary" onClick={() => invitation.reset()}>
            {t.actions.close}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}
