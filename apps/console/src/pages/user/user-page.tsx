import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { userQuery } from '../../api/users.ts'
import { consoleApp } from '../../session.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Page } from '../../ui/page.tsx'
import { QueryResult } from '../../ui/query-result.tsx'
import { statusTone } from '../users/columns.tsx'
import { Details } from './details.tsx'
import { Passkeys } from './passkeys.tsx'
import { RecentActivity } from './recent-activity.tsx'
import { Sessions } from './sessions.tsx'
import styles from './user.module.css'
import { UserActions } from './user-actions.tsx'

const route = getRouteApi('/apps/$app/users/$user')
const texts = t.user

export function UserPage() {
  const { app, user: id } = route.useParams()
  const query = useQuery(userQuery(app, id))
  const user = query.data
  const back = (
    <Link to="/apps/$app/users" params={{ app }} className={styles['back']!}>
      <ChevronLeft aria-hidden />
      {app === consoleApp ? texts.backAdmins : texts.back}
    </Link>
  )
  return (
    <Page
      title={user?.identifier ?? '…'}
      back={back}
      description={user && <Badge tone={statusTone[user.status]}>{t.users.statuses[user.status]}</Badge>}
      actions={user && <UserActions app={app} user={user} />}
    >
      <QueryResult query={query} lines={8}>
        {(found) => (
          <>
            {found.status === 'inactive' && <Notice tone="bad">{texts.inactive}</Notice>}
            <Sessions app={app} user={found} />
            <Passkeys app={app} user={found} />
            <div className={styles['halves']}>
              <RecentActivity app={app} user={found} />
              <Details app={app} user={found} />
            </div>
          </>
        )}
      </QueryResult>
    </Page>
  )
}
