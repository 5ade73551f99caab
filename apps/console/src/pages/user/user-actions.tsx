import { useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { useChange } from '../../api/use-api-mutation.ts'
import { deleteUser, revokeAll, setStatus, type User } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'

const words = t.user

interface UserActionsProps {
  readonly app: string
  readonly user: User
}

/** What can be done to a user. Whatever ends sessions asks first. */
export function UserActions({ app, user: { id, identifier, status } }: UserActionsProps) {
  const navigate = useNavigate()
  const [deleting, setDeleting] = useState(false)
  const revoke = useChange({ run: () => revokeAll(app, id), done: words.revokeAll.done })
  const deactivate = useChange({ run: () => setStatus(app, id, 'deactivate'), done: words.deactivate.done })
  const activate = useChange({ run: () => setStatus(app, id, 'activate'), done: words.activate.done })
  const remove = useChange({
    run: () => deleteUser(app, id),
    done: words.remove.done,
    onDone: () => void navigate({ to: '/apps/$app/users', params: { app }, replace: true }),
  })
  return (
    <>
      {status === 'inactive' ? (
        <Button look="primary" onClick={() => activate.mutate(undefined)} disabled={activate.isPending}>
          {words.activate.action}
        </Button>
      ) : (
        <>
          <Confirm
            trigger={<Button>{words.revokeAll.action}</Button>}
            title={words.revokeAll.title(identifier)}
            action={words.revokeAll.action}
            onConfirm={() => revoke.mutate(undefined)}
          >
            {words.revokeAll.text}
          </Confirm>
          <Confirm
            trigger={<Button look="danger">{words.deactivate.action}</Button>}
            title={words.deactivate.title(identifier)}
            action={words.deactivate.action}
            onConfirm={() => deactivate.mutate(undefined)}
          >
            {words.deactivate.text}
          </Confirm>
        </>
      )}
      <Menu
        trigger={
          <Button aria-label={words.more}>
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        <MenuItem onClick={() => setDeleting(true)}>{words.remove.action}</MenuItem>
      </Menu>
      <Confirm
        open={deleting}
        onOpenChange={setDeleting}
        title={words.remove.title(identifier)}
        action={words.remove.action}
        typed={identifier}
        onConfirm={() => remove.mutate(undefined)}
      >
        {words.remove.text}
      </Confirm>
    </>
  )
}
