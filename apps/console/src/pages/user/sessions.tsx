import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { sessionsQuery, type User } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/query-result.tsx'
import { Table } from '../../ui/table.tsx'
import { sessionColumns } from './session-columns.tsx'

const words = t.user.sessions

/** Where a user is signed in. */
export function Sessions({ app, user }: { readonly app: string; readonly user: User }) {
  const query = useQuery({ ...sessionsQuery(app, user.id), refetchInterval: 10_000 })
  const columns = useMemo(() => sessionColumns(app, user.id), [app, user.id])
  return (
    <Panel title={words.title} description={words.description} flush>
      <Loaded query={query}>
        {(sessions) =>
          sessions.length > 0 ? (
            <Table label={words.title} columns={columns} rows={sessions} rowId={({ id }) => id} />
          ) : (
            <Empty title={words.empty}>{words.emptyText}</Empty>
          )
        }
      </Loaded>
    </Panel>
  )
}
