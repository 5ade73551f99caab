import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ChevronDown, X } from 'lucide-react'
import { eventsQuery, eventTypes } from '../../api/activity.ts'
import { userQuery } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChecks } from '../../ui/menu.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/query-result.tsx'
import { EventList } from './event-list.tsx'
import styles from './events.module.css'
import { ExportEvents } from './export-events.tsx'
import type { ActivitySearch } from './search.ts'

const words = t.audit

type Filter = Omit<ActivitySearch, 'range'>

interface AuditTrailProps {
  readonly app: string
  /** Unix seconds. */
  readonly from: number
  readonly filter: Filter
  readonly onChange: (next: Filter) => void
}

interface ClearProps {
  readonly filter: string
  readonly onClick: () => void
}

function Clear({ filter, onClick }: ClearProps) {
  return (
    <Button size="small" onClick={onClick} aria-label={words.clear(filter)}>
      {filter}
      <X aria-hidden />
    </Button>
  )
}

/** Who did what, newest first. */
export function AuditTrail({ app, from, filter, onChange }: AuditTrailProps) {
  const { type: types = [], user, session } = filter
  const asked = { type: types, user_id: user, session_id: session, from }
  const query = useInfiniteQuery(eventsQuery(app, { ...asked, limit: 50 }))
  const { data: person } = useQuery({ ...userQuery(app, user ?? ''), enabled: user !== undefined })
  const filtered = types.length > 0 || user !== undefined || session !== undefined
  const label =
    types.length === 0
      ? words.anyType
      : types.length === 1
        ? words.events[types[0]!]
        : words.types(types.length)
  return (
    <Panel
      title={words.title}
      flush
      actions={
        <>
          {user !== undefined && (
            <Clear
              filter={person?.identifier ?? words.oneUser}
              onClick={() => onChange({ user: undefined })}
            />
          )}
          {session !== undefined && (
            <Clear
              filter={words.session(session.slice(0, 6))}
              onClick={() => onChange({ session: undefined })}
            />
          )}
          <Menu
            trigger={
              <Button size="small" aria-label={`${words.filterType}: ${label}`}>
                {label}
                <ChevronDown aria-hidden />
              </Button>
            }
          >
            <MenuChecks
              choices={eventTypes.options.map((value) => ({ value, label: words.events[value] }))}
              value={types}
              onChange={(next) => onChange({ type: next.length > 0 ? next : undefined })}
            />
          </Menu>
          <ExportEvents app={app} asked={asked} />
        </>
      }
    >
      <Loaded query={query} lines={8}>
        {({ pages }) => {
          const events = pages.flatMap((page) => page.events)
          if (events.length === 0) return <Empty title={filtered ? words.none : words.empty} />
          return (
            <>
              <EventList app={app} events={events} />
              <div className={styles['more']}>
                {query.hasNextPage ? (
                  <Button disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t.actions.more}
                  </Button>
                ) : (
                  words.end
                )}
              </div>
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}
