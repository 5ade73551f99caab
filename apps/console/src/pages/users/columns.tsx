import { Link } from '@tanstack/react-router'
import type { User } from '../../api/users.ts'
import { formatNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Badge } from '../../ui/badge.tsx'
import type { Columns } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import styles from './users.module.css'

const texts = t.users

export const statusTone = { active: 'good', inactive: 'bad' } as const

export const sortable = ['identifier', 'last_login_at', 'created_at'] as const

export const columnsFor = (app: string): Columns<User> => [
  {
    id: 'identifier',
    header: texts.columns.identifier,
    cell: ({ row: { original } }) => (
      <Link to="/apps/$app/users/$user" params={{ app, user: original.id }} className={styles['name']!}>
        {original.identifier}
      </Link>
    ),
  },
  {
    id: 'status',
    header: texts.columns.status,
    cell: ({ row: { original } }) => (
      <Badge tone={statusTone[original.status]}>{texts.statuses[original.status]}</Badge>
    ),
  },
  {
    id: 'last_login_at',
    header: texts.columns.last_login_at,
    cell: ({ row: { original } }) =>
      original.login_count > 0 ? <Time at={original.last_login_at} /> : texts.never,
  },
  {
    id: 'login_count',
    header: texts.columns.login_count,
    cell: ({ row: { original } }) => formatNumber(original.login_count),
  },
  {
    id: 'created_at',
    header: texts.columns.created_at,
    cell: ({ row: { original } }) => <Time at={original.created_at} />,
  },
]
