import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { currentUserQuery, passkeysQuery, removePasskey, type Passkey, type User } from '../../api/users.ts'
import { consoleApp } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { Cell, Table, type Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Invite } from '../users/invite.tsx'
import { AddPasskey } from './add-passkey.tsx'

const texts = t.user.passkeys

/** Shows the passkeys of a user. Admins can add one to their own account, and invite others to replace lost ones. */
export function Passkeys({ app, user }: { readonly app: string; readonly user: User }) {
  const query = useQuery(passkeysQuery(app, user.id))
  const { data: self } = useQuery(currentUserQuery())
  const isSelf = app === consoleApp && self?.id === user.id
  const columns = useMemo(() => columnsFor(app, user.id), [app, user.id])
  return (
    <Panel
      title={texts.title}
      description={texts.description}
      actions={isSelf ? <AddPasskey /> : <Invite app={app} user={user.id} />}
      flush
    >
      <QueryResult query={query} lines={2}>
        {(passkeys) =>
          passkeys.length > 0 ? (
            <Table label={texts.title} columns={columns} rows={passkeys} rowId={({ id }) => id} />
          ) : (
            <EmptyState title={texts.empty}>{texts.emptyText}</EmptyState>
          )
        }
      </QueryResult>
    </Panel>
  )
}

const columnsFor = (app: string, user: string): Columns<Passkey> => [
  {
    id: 'name',
    header: texts.columns.name,
    cell: ({ row: { original } }) => (
      <Cell main={original.friendly_name} sub={<code>{`…${original.id.slice(-8)}`}</code>} />
    ),
  },
  {
    id: 'created_at',
    header: texts.columns.created_at,
    cell: ({ row: { original } }) => <Time at={original.created_at} />,
  },
  {
    id: 'last_login_at',
    header: texts.columns.last_login_at,
    cell: ({ row: { original } }) =>
      original.usage_count > 0 ? <Time at={original.last_login_at} /> : texts.never,
  },
  {
    id: 'actions',
    header: () => <span className="visually-hidden">{texts.remove}</span>,
    cell: ({ row: { original } }) => <RemovePasskey app={app} user={user} passkey={original.id} />,
  },
]

interface RemovePasskeyProps {
  readonly app: string
  readonly user: string
  readonly passkey: string
}
function RemovePasskey({ app, user, passkey }: RemovePasskeyProps) {
  const remove = useApiMutation({
    mutationFn: () => removePasskey(app, user, passkey),
    successMessage: texts.removed,
  })
  return (
    <Confirm
      trigger={<Button size="small">{texts.remove}</Button>}
      title={texts.removeTitle}
      action={texts.remove}
      onConfirm={() => remove.mutate(undefined)}
    >
      {texts.removeText}
    </Confirm>
  )
}
