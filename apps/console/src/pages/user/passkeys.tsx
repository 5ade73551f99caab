import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useChange } from '../../api/use-api-mutation.ts'
import { passkeysQuery, removePasskey, type Passkey, type User } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/query-result.tsx'
import { Cell, Table, type Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const words = t.user.passkeys

/** What a user signs in with. */
export function Passkeys({ app, user }: { readonly app: string; readonly user: User }) {
  const query = useQuery(passkeysQuery(app, user.id))
  const columns = useMemo(() => columnsFor(app, user.id), [app, user.id])
  return (
    <Panel title={words.title} description={words.description} flush>
      <Loaded query={query} lines={2}>
        {(passkeys) =>
          passkeys.length > 0 ? (
            <Table label={words.title} columns={columns} rows={passkeys} rowId={({ id }) => id} />
          ) : (
            <Empty title={words.empty}>{words.emptyText}</Empty>
          )
        }
      </Loaded>
    </Panel>
  )
}

const columnsFor = (app: string, user: string): Columns<Passkey> => [
  {
    id: 'name',
    header: words.columns.name,
    cell: ({ row: { original } }) => (
      <Cell main={original.friendly_name || words.unnamed} sub={<code>{`…${original.id.slice(-8)}`}</code>} />
    ),
  },
  {
    id: 'created_at',
    header: words.columns.created_at,
    cell: ({ row: { original } }) => <Time at={original.created_at} />,
  },
  {
    id: 'last_login_at',
    header: words.columns.last_login_at,
    cell: ({ row: { original } }) =>
      original.last_login_at ? <Time at={original.last_login_at} /> : words.never,
  },
  {
    id: 'actions',
    header: () => <span className="unseen">{words.remove}</span>,
    cell: ({ row: { original } }) => <RemovePasskey app={app} user={user} passkey={original.id} />,
  },
]

interface RemovePasskeyProps {
  readonly app: string
  readonly user: string
  readonly passkey: string
}
function RemovePasskey({ app, user, passkey }: RemovePasskeyProps) {
  const remove = useChange({ run: () => removePasskey(app, user, passkey), done: words.removed })
  return (
    <Confirm
      trigger={<Button size="small">{words.remove}</Button>}
      title={words.removeTitle}
      action={words.remove}
      onConfirm={() => remove.mutate(undefined)}
    >
      {words.removeText}
    </Confirm>
  )
}
