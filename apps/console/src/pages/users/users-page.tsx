import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { usersQuery } from '../../api/users.ts'
import { consoleApp } from '../../session.ts'
import { asNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/query-result.tsx'
import { Table } from '../../ui/table.tsx'
import { columnsFor, sortable } from './columns.tsx'
import { CreateUser } from './create-user.tsx'
import { Filters } from './filters.tsx'
import { InviteAdmin } from './invite-admin.tsx'
import { Pager } from './pager.tsx'
import type { UsersSearch } from './search.ts'

const limit = 50
const route = getRouteApi('/apps/$app/users')
const words = t.users

export function UsersPage() {
  const { app } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const cache = useQueryClient()
  const { q, status, page = 1, order = 'created_at:desc' } = search
  const ask = (number: number) => usersQuery(app, { search: q, status, page: number, limit, order })
  const query = useQuery(ask(page))
  const pages = Math.max(1, Math.ceil((query.data?.total_users ?? 0) / limit))

  // The next page is there before it is asked for.
  useEffect(() => {
    if (query.data && !query.isPlaceholderData && page < pages) void cache.prefetchQuery(ask(page + 1))
  })
  const show = (next: Partial<UsersSearch>, replace = false): void =>
    void navigate({ search: { ...search, page: undefined, ...next }, replace })
  const filtered = q !== undefined || status !== undefined
  const admins = app === consoleApp
  const columns = useMemo(() => columnsFor(app), [app])
  const sortBy = (next: string): void => show({ order: next as UsersSearch['order'] })

  return (
    <Page
      title={admins ? words.adminsTitle : words.title}
      description={
        admins
          ? words.adminsDescription
          : query.data && !filtered && words.description(asNumber(query.data.total_users))
      }
      actions={admins ? <InviteAdmin /> : <CreateUser app={app} />}
    >
      <Filters q={q} status={status} order={order} onChange={(next) => show(next, true)} />
      <Panel flush>
        <Loaded query={query} lines={9}>
          {({ users, total_users }) =>
            users.length > 0 ? (
              <>
                <Table
                  label={words.title}
                  columns={columns}
                  rows={users}
                  rowId={({ id }) => id}
                  sorting={{ order, columns: sortable, onOrder: sortBy }}
                  stale={query.isPlaceholderData}
                />
                <Pager
                  page={page}
                  limit={limit}
                  total={total_users}
                  onPage={(next) => show({ page: next })}
                />
              </>
            ) : (
              <Empty
                title={filtered ? words.none : words.empty}
                {...(filtered && {
                  action: (
                    <Button onClick={() => show({ q: undefined, status: undefined })}>{words.clear}</Button>
                  ),
                })}
              >
                {filtered ? words.noneText : words.emptyText}
              </Empty>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  )
}
