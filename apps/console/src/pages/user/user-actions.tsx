import { useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { deleteUser, revokeAll, setStatus, vouchForIdentifier, type User } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { EndingSessions } from './ending-sessions.tsx'

const texts = t.user

interface UserActionsProps {
  readonly app: string
  readonly user: User
}

/** Shows the actions on a user. Each action that ends sessions asks for confirmation. */
export function UserActions({ app, user }: UserActionsProps) {
  const { id, identifier, status } = user
  const navigate = useNavigate()
  const ending = <EndingSessions app={app} user={id} />
  const [deleting, setDeleting] = useState(false)
  const revoke = useApiMutation({
    mutationFn: () => revokeAll(app, id),
    successMessage: texts.revokeAll.done,
  })
  const deactivate = useApiMutation({
    mutationFn: () => setStatus(app, id, 'deactivate'),
    successMessage: texts.deactivate.done,
  })
  const activate = useApiMutation({
    mutationFn: () => setStatus(app, id, 'activate'),
    successMessage: texts.activate.done,
  })
  const vouch = useApiMutation({
    mutationFn: () => vouchForIdentifier(app, id),
    successMessage: texts.vouch.done,
  })
  const remove = useApiMutation({
    mutationFn: () => deleteUser(app, id),
    successMessage: texts.remove.done,
    onSuccess: () => void navigate({ to: '/apps/$app/users', params: { app }, replace: true }),
  })
  return (
    <>
      {status === 'inactive' ? (
        <Button variant="primary" onClick={() => activate.mutate(undefined)} disabled={activate.isPending}>
          {texts.activate.action}
        </Button>
      ) : (
        <>
          <Confirm
            trigger={<Button>{texts.revokeAll.action}</Button>}
            title={texts.revokeAll.title(identifier)}
            action={texts.revokeAll.action}
            onConfirm={() => revoke.mutate(undefined)}
          >
            {ending}
            <p>{texts.revokeAll.text}</p>
          </Confirm>
          <Confirm
            trigger={<Button variant="danger">{texts.deactivate.action}</Button>}
            title={texts.deactivate.title(identifier)}
            action={texts.deactivate.action}
            onConfirm={() => deactivate.mutate(undefined)}
          >
            {ending}
            <p>{texts.deactivate.text}</p>
          </Confirm>
        </>
      )}
      <Menu
        trigger={
          <Button aria-label={texts.more}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        {user.identifier_origin === 'claimed' && (
          <MenuItem onClick={() => vouch.mutate(undefined)}>{texts.vouch.action}</MenuItem>
        )}
        <MenuItem onClick={() => setDeleting(true)}>{texts.remove.action}</MenuItem>
      </Menu>
      <Confirm
        open={deleting}
        onOpenChange={setDeleting}
        title={texts.remove.title(identifier)}
        action={texts.remove.action}
        confirmationWord={identifier}
        onConfirm={() => remove.mutate(undefined)}
      >
        {ending}
        <p>{texts.remove.text}</p>
      </Confirm>
    </>
  )
}
