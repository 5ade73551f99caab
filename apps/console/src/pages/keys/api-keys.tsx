import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { apiKeysQuery, deleteApiKey, type ApiKey } from '../../api/keys.ts'
import { useChange } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/query-result.tsx'
import { Table, type Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { CreateApiKey } from './create-api-key.tsx'

const words = t.keys.api

export function ApiKeys({ app }: { readonly app: string }) {
  const query = useQuery(apiKeysQuery(app))
  const columns = useMemo(() => columnsFor(app), [app])
  return (
    <Panel title={words.title} description={words.description} flush actions={<CreateApiKey app={app} />}>
      <Loaded query={query}>
        {(keys) =>
          keys.length > 0 ? (
            <Table label={words.title} columns={columns} rows={keys} rowId={({ id }) => id} />
          ) : (
            <Empty title={words.empty}>{words.emptyText}</Empty>
          )
        }
      </Loaded>
    </Panel>
  )
}

const columnsFor = (app: string): Columns<ApiKey> => [
  { id: 'name', header: words.columns.name, cell: ({ row: { original } }) => <b>{original.name}</b> },
  {
    id: 'hint',
    header: words.columns.hint,
    cell: ({ row: { original } }) => <code>{`tk1.…${original.hint}`}</code>,
  },
  {
    id: 'created_at',
    header: words.columns.created_at,
    cell: ({ row: { original } }) => <Time at={original.created_at} />,
  },
  {
    id: 'last_used_at',
    header: words.columns.last_used_at,
    cell: ({ row: { original } }) =>
      original.last_used_at === undefined ? words.never : <Time at={original.last_used_at} />,
  },
  {
    id: 'actions',
    header: () => <span className="unseen">{words.remove}</span>,
    cell: ({ row: { original } }) => <DeleteApiKey app={app} apiKey={original} />,
  },
]

function DeleteApiKey({ app, apiKey: { id, name } }: { readonly app: string; readonly apiKey: ApiKey }) {
  const remove = useChange({ run: () => deleteApiKey(app, id), done: words.removed })
  return (
    <Confirm
      trigger={
        <Button size="small" aria-label={words.removeNamed(name)}>
          {words.remove}
        </Button>
      }
      title={words.removeTitle(name)}
      action={words.remove}
      onConfirm={() => remove.mutate(undefined)}
    >
      {words.removeText}
    </Confirm>
  )
}
