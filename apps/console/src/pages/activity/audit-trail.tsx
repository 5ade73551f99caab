import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ChevronDown, X } from 'lucide-react'
import { eventsQuery, eventTypes } from '../../api/activity.ts'
import { userQuery } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuCheckboxes } from '../../ui/menu.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { EventList } from './event-list.tsx'
import styles from './events.module.css'
import { ExportEvents } from './export-events.tsx'
import type { ActivitySearch } from './search.ts'

const texts = t.audit

type Filter = Omit<ActivitySearch, 'range'>

interface AuditTrailProps {
  readonly app: string
  /** Unix seconds. */
  readonly from: number
  readonly filter: Filter
  readonly onChange: (next: Filter) => void
}

interface ClearFilterButtonProps {
  readonly filter: string
  readonly onClick: () => void
}

function ClearFilterButton({ filter, onClick }: ClearFilterButtonProps) {
  return (
    <Button size="small" onClick={onClick} aria-label={texts.clear(filter)}>
      {filter}
      <X aria-hidden />
    </Button>
  )
}

/** Shows the events of an app, newest first, with filters and an export. */
export function AuditTrail({ app, from, filter, onChange }: AuditTrailProps) {
  const { type: types = [], user, session } = filter
  const params = { type: types, user_id: user, session_id: session, from }
  const query = useInfiniteQuery(eventsQuery(app, { ...params, limit: 50 }))
  const { data: filteredUser } = useQuery({ ...userQuery(app, user ?? ''), enabled: user !== undefined })
  const filtered = types.length > 0 || user !== undefined || session !== undefined
  const label =
    types.length === 0
      ? texts.anyType
      : types.length === 1
        ? texts.events[types[0]!]
        : texts.types(types.length)
  return (
    <Panel
      title={texts.title}
      flush
      actions={
        <>
          {user !== undefined && (
            <ClearFilterButton
              filter={filteredUser?.identifier ?? texts.oneUser}
              onClick={() => onChange({ user: undefined })}
            />
          )}
          {session !== undefined && (
            <ClearFilterButton
              filter={texts.session(session.slice(0, 6))}
              onClick={() => onChange({ session: undefined })}
            />
          )}
          <Menu
            trigger={
              <Button size="small" aria-label={`${texts.filterType}: ${label}`}>
                {label}
                <ChevronDown aria-hidden />
              </Button>
            }
          >
            <MenuCheckboxes
              choices={eventTypes.options.map((value) => ({ value, label: texts.events[value] }))}
              value={types}
              onChange={(next) => onChange({ type: next.length > 0 ? next : undefined })}
            />
          </Menu>
          <ExportEvents app={app} params={params} />
        </>
      }
    >
      <QueryResult query={query} lines={8}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.events)
          if (events.length === 0) return <EmptyState title={filtered ? texts.none : texts.empty} />
          return (
            <>
              <EventList app={app} events={events} />
              <div className={styles['more']}>
                {query.hasNextPage ? (
                  <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t.actions.more}
                  </Button>
                ) : (
                  texts.end
                )}
              </div>
            </>
          )
        }}
      </QueryResult>
    </Panel>
  )
}
