import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { eventsQuery } from '../../api/activity.ts'
import type { User } from '../../api/users.ts'
import { t } from '../../texts/index.ts'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, QueryResult } from '../../ui/query-result.tsx'
import { EventList } from '../activity/event-list.tsx'
import styles from './user.module.css'

const texts = t.user.activity

export function RecentActivity({ app, user }: { readonly app: string; readonly user: User }) {
  const query = useInfiniteQuery(eventsQuery(app, { user_id: user.id, limit: 8 }))
  return (
    <Panel title={texts.title} flush>
      <QueryResult query={query}>
        {({ pages }) => {
          const { events = [] } = pages[0] ?? {}
          if (events.length === 0) return <EmptyState title={t.audit.empty} />
          return (
            <>
              <EventList events={events} />
              <Link
                to="/apps/$app/activity"
                params={{ app }}
                search={{ user: user.id }}
                className={styles['all']!}
              >
                {texts.all}
              </Link>
            </>
          )
        }}
      </QueryResult>
    </Panel>
  )
}
