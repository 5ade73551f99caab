import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { usersQuery } from '../../api/users.ts'
import { consoleApp } from '../../session.ts'
import { formatNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Page } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { Table } from '../../ui/table.tsx'
import { columnsFor, sortable } from './columns.tsx'
import { CreateUser } from './create-user.tsx'
import { Filters } from './filters.tsx'
import { Invitations } from './invitations.tsx'
import { Invite } from './invite.tsx'
import type { UsersSearch } from './search.ts'

const limit = 50
const route = getRouteApi('/apps/$app/users')
const texts = t.users

export function UsersPage() {
  const { app } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const cache = useQueryClient()
  const { q, status, page = 1, order = 'created_at:desc' } = search
  const pageQuery = (number: number) => usersQuery(app, { search: q, status, page: number, limit, order })
  const query = useQuery(pageQuery(page))
  const pages = Math.max(1, Math.ceil((query.data?.total_users ?? 0) / limit))

  useEffect(() => {
    if (query.data && !query.isPlaceholderData && page < pages) void cache.prefetchQuery(pageQuery(page + 1))
  })
  const updateSearch = (next: Partial<UsersSearch>, replace = false): void =>
    void navigate({ search: { ...search, page: undefined, ...next }, replace })
  const filtered = q !== undefined || status !== undefined
  const isAdminList = app === consoleApp
  const columns = useMemo(() => columnsFor(app), [app])
  const sortBy = (next: string): void => updateSearch({ order: next as UsersSearch['order'] })

  return (
    <Page
      title={isAdminList ? texts.adminsTitle : texts.title}
      description={
        isAdminList
          ? texts.adminsDescription
          : query.data && !filtered && texts.description(formatNumber(query.data.total_users))
      }
      actions={
        isAdminList ? (
          <Invite app={app} variant="primary" />
        ) : (
          <>
            <Invite app={app} />
            <CreateUser app={app} />
          </>
        )
      }
    >
      <Filters q={q} status={status} order={order} onChange={(next) => updateSearch(next, true)} />
      <Panel flush>
        <QueryResult query={query} lines={9}>
          {({ users, total_users }) =>
            users.length > 0 ? (
              <>
                <Table
                  label={texts.title}
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
                  onPage={(next) => updateSearch({ page: next })}
                />
              </>
            ) : (
              <EmptyState
                title={filtered ? texts.none : texts.empty}
                {...(filtered && {
                  action: (
                    <Button onClick={() => updateSearch({ q: undefined, status: undefined })}>
                      {texts.clear}
                    </Button>
                  ),
                })}
              >
                {filtered ? texts.noneText : texts.emptyText}
              </EmptyState>
            )
          }
        </QueryResult>
      </Panel>
      <Invitations app={app} />
    </Page>
  )
}
