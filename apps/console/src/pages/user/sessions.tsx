import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { sessionsQuery, type User } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { Table } from '../../ui/table.tsx'
import { sessionColumns } from './session-columns.tsx'

const texts = t.user.sessions

/** Shows the live sessions of a user. Refetches them every 10 seconds. */
export function Sessions({ app, user }: { readonly app: string; readonly user: User }) {
  const query = useQuery({ ...sessionsQuery(app, user.id), refetchInterval: 10_000 })
  const columns = useMemo(() => sessionColumns(app, user.id), [app, user.id])
  return (
    <Panel title={texts.title} description={texts.description} flush>
      <QueryResult query={query}>
        {(sessions) =>
          sessions.length > 0 ? (
            <Table label={texts.title} columns={columns} rows={sessions} rowId={({ id }) => id} />
          ) : (
            <EmptyState title={texts.empty}>{texts.emptyText}</EmptyState>
          )
        }
      </QueryResult>
    </Panel>
  )
}
