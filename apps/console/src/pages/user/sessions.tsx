import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { refetchEvery } from '../../api/query-client.ts'
import { SESSIONS_PER_PAGE, sessionsQuery, type User } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Pager } from '../../ui/pager.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { Table } from '../../ui/table.tsx'
import { sessionColumns } from './session-columns.tsx'

const texts = t.user.sessions

/** Shows one page of the live sessions of a user, and how many there are. Refetches the page every 10 seconds. */
export function Sessions({ app, user }: { readonly app: string; readonly user: User }) {
  const [wanted, setPage] = useState(1)
  const query = useQuery({ ...sessionsQuery(app, user.id, wanted), refetchInterval: refetchEvery(10_000) })
  const total = query.data?.total_sessions
  const last = Math.max(1, Math.ceil((total ?? Infinity) / SESSIONS_PER_PAGE))
  // Sessions end meanwhile, and the last page may be gone.
  if (wanted > last) setPage(last)
  const columns = useMemo(() => sessionColumns(app, user.id), [app, user.id])
  return (
    <Panel
      title={texts.title}
      description={query.data && total ? texts.count(total, query.data.total_devices) : texts.description}
      flush
    >
      <QueryResult query={query}>
        {({ sessions, total_sessions }) =>
          total_sessions > 0 ? (
            <>
              <Table label={texts.title} columns={columns} rows={sessions} rowId={({ id }) => id} />
              {last > 1 && (
                <Pager page={wanted} limit={SESSIONS_PER_PAGE} total={total_sessions} onPage={setPage} />
              )}
            </>
          ) : (
            <EmptyState title={texts.empty}>{texts.emptyText}</EmptyState>
          )
        }
      </QueryResult>
    </Panel>
  )
}
