import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ChevronDown, X } from 'lucide-react'
import { eventsQuery, eventTypes, type EventType } from '../../api/activity.ts'
import { userQuery } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuChecks } from '../../ui/menu.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { EventList } from './event-list.tsx'
import styles from './events.module.css'

const words = t.audit

interface AuditTrailProps {
  readonly app: string
  /** Unix seconds. */
  readonly from: number
  readonly types: readonly EventType[] | undefined
  readonly user: string | undefined
  readonly onChange: (next: { type?: EventType[] | undefined; user?: string | undefined }) => void
}

/** Who did what, newest first. */
export function AuditTrail({ app, from, types = [], user, onChange }: AuditTrailProps) {
  const query = useInfiniteQuery(eventsQuery(app, { type: types, user_id: user, from, limit: 50 }))
  const { data: person } = useQuery({ ...userQuery(app, user ?? ''), enabled: user !== undefined })
  const filtered = types.length > 0 || user !== undefined
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
            <Button size="small" onClick={() => onChange({ user: undefined })} aria-label={words.clear}>
              {words.userFilter(person?.identifier ?? words.oneUser)}
              <X aria-hidden />
            </Button>
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
