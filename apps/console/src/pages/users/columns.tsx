import { Link } from '@tanstack/react-router'
import type { User } from '../../api/users.ts'
import { asNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import type { Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './users.module.css'

const words = t.users

export const statusTone = { active: 'good', inactive: 'bad', pending: 'neutral' } as const

export const sortable = ['identifier', 'last_login_at', 'created_at'] as const

export const columnsFor = (app: string): Columns<User> => [
  {
    id: 'identifier',
    header: words.columns.identifier,
    cell: ({ row: { original } }) => (
      <Link to="/apps/$app/users/$user" params={{ app, user: original.id }} className={styles['name']!}>
        {original.identifier}
      </Link>
    ),
  },
  {
    id: 'status',
    header: words.columns.status,
    cell: ({ row: { original } }) => (
      <Badge tone={statusTone[original.status]}>{words.statuses[original.status]}</Badge>
    ),
  },
  {
    id: 'last_login_at',
    header: words.columns.last_login_at,
    cell: ({ row: { original } }) =>
      original.last_login_at ? <Time at={original.last_login_at} /> : words.never,
  },
  {
    id: 'login_count',
    header: words.columns.login_count,
    cell: ({ row: { original } }) => asNumber(original.login_count),
  },
  {
    id: 'created_at',
    header: words.columns.created_at,
    cell: ({ row: { original } }) => <Time at={original.created_at} />,
  },
]
