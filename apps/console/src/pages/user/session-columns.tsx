import { Monitor, Smartphone, Tablet } from 'lucide-react'
import type { SessionOfUser } from '../../api/users.ts'
import { formatRelativeTime } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import { Cell, type Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { deviceOf } from './device.ts'
import { EndSession } from './end-session.tsx'
import { deviceName, isCurrentSession } from './session-device.ts'
import styles from './user.module.css'

const texts = t.user.sessions
const icons = { desktop: Monitor, mobile: Smartphone, tablet: Tablet, other: Monitor }

function Device({ session }: { readonly session: SessionOfUser }) {
  const Icon = icons[deviceOf(session.user_agent)?.kind ?? 'other']
  return (
    <div className={styles['device']} title={session.user_agent}>
      <Icon aria-hidden />
      <span>
        {deviceName(session)}
        {isCurrentSession(session) && <Badge tone="good">{texts.current}</Badge>}
      </span>
    </div>
  )
}

const when = (seconds: number): string => formatRelativeTime(new Date(seconds * 1000))

function Deadlines({ absolute_expiration, inactivity_expiration }: SessionOfUser) {
  const limits = [
    inactivity_expiration !== undefined && texts.ifInactive(when(inactivity_expiration)),
    absolute_expiration !== undefined && texts.atLatest(when(absolute_expiration)),
  ].filter((limit) => limit !== false)
  return limits.length > 0 ? <Cell main={limits[0]} sub={limits[1]} /> : texts.endless
}

export const sessionColumns = (app: string, user: string): Columns<SessionOfUser> => [
  {
    id: 'device',
    header: texts.columns.device,
    cell: ({ row: { original } }) => <Device session={original} />,
  },
  {
    id: 'address',
    header: texts.columns.address,
    cell: ({ row: { original } }) => <code>{original.ip ?? '–'}</code>,
  },
  {
    id: 'last_active_at',
    header: texts.columns.last_active_at,
    cell: ({ row: { original } }) => <Time at={original.last_active_at} />,
  },
  {
    id: 'created_at',
    header: texts.columns.created_at,
    cell: ({ row: { original } }) => <Time at={original.created_at} />,
  },
  {
    id: 'ends',
    header: texts.columns.ends,
    cell: ({ row: { original } }) => <Deadlines {...original} />,
  },
  {
    id: 'actions',
    header: () => <span className="visually-hidden">{texts.end}</span>,
    cell: ({ row: { original } }) => <EndSession app={app} user={user} session={original} />,
  },
]
