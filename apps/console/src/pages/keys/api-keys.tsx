import { useQuery } from '@tanstack/react-query'
import { scope } from '@tokenkeep/protocol'
import { useMemo } from 'react'
import { apiKeysQuery, deleteApiKey, type ApiKey } from '../../api/keys.ts'
import { useApiMutation } from '../../api/use-api-mutation.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { Table, type Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { CreateApiKey } from './create-api-key.tsx'

const texts = t.keys.api

export function ApiKeys({ app }: { readonly app: string }) {
  const query = useQuery(apiKeysQuery(app))
  const columns = useMemo(() => columnsFor(app), [app])
  return (
    <Panel title={texts.title} description={texts.description} flush actions={<CreateApiKey app={app} />}>
      <QueryResult query={query}>
        {(keys) =>
          keys.length > 0 ? (
            <Table label={texts.title} columns={columns} rows={keys} rowId={({ id }) => id} />
          ) : (
            <EmptyState title={texts.empty}>{texts.emptyText}</EmptyState>
          )
        }
      </QueryResult>
    </Panel>
  )
}

const columnsFor = (app: string): Columns<ApiKey> => [
  { id: 'name', header: texts.columns.name, cell: ({ row: { original } }) => <b>{original.name}</b> },
  {
    id: 'hint',
    header: texts.columns.hint,
    cell: ({ row: { original } }) => <code>{`${original.scopes ? 'tk1' : 'cs1'}.…${original.hint}`}</code>,
  },
  {
    id: 'created_at',
    header: texts.columns.created_at,
    cell: ({ row: { original } }) => <Time at={original.created_at} />,
  },
  {
    id: 'scopes',
    header: texts.columns.scopes,
    cell: ({ row: { original } }) => scopesOf(original),
  },
  {
    id: 'expires_at',
    header: texts.columns.expires_at,
    cell: ({ row: { original } }) =>
      original.expires_at === undefined ? texts.never : <Time at={original.expires_at} />,
  },
  {
    id: 'last_used_at',
    header: texts.columns.last_used_at,
    cell: ({ row: { original } }) =>
      original.last_used_at === undefined ? (
        texts.never
      ) : (
        <>
          <Time at={original.last_used_at} /> {original.last_used_from && texts.from(original.last_used_from)}
        </>
      ),
  },
  {
    id: 'actions',
    header: () => <span className="visually-hidden">{texts.remove}</span>,
    cell: ({ row: { original } }) => <DeleteApiKey app={app} apiKey={original} />,
  },
]

/** What a key may do, in words. */
function scopesOf({ scopes, addresses }: ApiKey): string {
  if (!scopes) return texts.clientSecret
  const what = scopes.length === scope.options.length ? texts.everything : scopes.join(', ')
  return addresses.length ? `${what} ${texts.from(addresses.join(', '))}` : what
}

function DeleteApiKey({ app, apiKey: { id, name } }: { readonly app: string; readonly apiKey: ApiKey }) {
  const remove = useApiMutation({ mutationFn: () => deleteApiKey(app, id), successMessage: texts.removed })
  return (
    <Confirm
      trigger={
        <Button size="small" aria-label={texts.removeNamed(name)}>
          {texts.remove}
        </Button>
      }
      title={texts.removeTitle(name)}
      action={texts.remove}
      onConfirm={() => remove.mutate(undefined)}
    >
      {texts.removeText}
    </Confirm>
  )
}
