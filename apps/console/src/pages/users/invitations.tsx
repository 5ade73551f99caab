import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { invitationsQuery, withdrawInvitation, type Invitation } from '../../api/invitations.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { actorName } from '../../texts/actor.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Table, type Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const texts = t.invitations

/** Shows the invitations that can still be used. Shows nothing if there are none. */
export function Invitations({ app }: { readonly app: string }) {
  const { data: invitations = [] } = useQuery(invitationsQuery(app))
  const columns = useMemo(() => columnsFor(app), [app])
  if (!invitations.length) return null
  return (
    <Panel title={texts.title} description={texts.description} flush>
      <Table label={texts.title} columns={columns} rows={invitations} rowId={({ id }) => id} />
    </Panel>
  )
}

const columnsFor = (app: string): Columns<Invitation> => [
  {
    id: 'for',
    header: texts.columns.for,
    cell: ({ row: { original } }) => original.identifier ?? texts.anybody,
  },
  {
    id: 'created_by',
    header: texts.columns.created_by,
    cell: ({ row: { original } }) => actorName(original.created_by, original.created_by_name),
  },
  {
    id: 'expires_at',
    header: texts.columns.expires_at,
    cell: ({ row: { original } }) => <Time at={original.expires_at} />,
  },
  {
    id: 'actions',
    header: () => <span className="visually-hidden">{texts.withdraw}</span>,
    cell: ({ row: { original } }) => <Withdraw app={app} invitation={original.id} />,
  },
]

function Withdraw({ app, invitation }: { readonly app: string; readonly invitation: string }) {
  const withdraw = useApiMutation({
    mutationFn: () => withdrawInvitation(app, invitation),
    successMessage: texts.withdrawn,
  })
  return (
    <Button size="small" disabled={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
      {texts.withdraw}
    </Button>
  )
}
