import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { UserStatus } from '../../api/users.ts'
import type { UsersSearch } from './search.ts'
import { t } from '../../texts/index.ts'
import { inputClass } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './users.module.css'

const words = t.users
const orders = [
  'created_at:desc',
  'created_at:asc',
  'last_login_at:desc',
  'last_login_at:asc',
  'identifier:asc',
  'identifier:desc',
] as const
const statuses = ['any', 'active', 'inactive', 'pending'] as const

interface FiltersProps {
  readonly q: string | undefined
  readonly status: UserStatus | undefined
  readonly order: NonNullable<UsersSearch['order']>
  readonly onChange: (next: Partial<UsersSearch>) => void
}

export function Filters({ q = '', status, order, onChange }: FiltersProps) {
  const [typed, type] = useState(q)
  const [asked, ask] = useState(q)
  const [seen, see] = useState(q)
  // The address changed by itself: back, or a link.
  if (q !== seen) {
    see(q)
    if (q !== asked) type(q)
  }
  // A pause in typing is the question.
  useEffect(() => {
    const next = typed.trim()
    if (next === q) return undefined
    const timer = setTimeout(() => {
      ask(next)
      onChange({ q: next || undefined })
    }, 250)
    return () => clearTimeout(timer)
  })
  return (
    <search className={styles['filters']}>
      <div className={styles['search']}>
        <Search aria-hidden />
        <input
          type="search"
          className={inputClass}
          aria-label={words.search}
          placeholder={words.search}
          value={typed}
          onChange={(event) => type(event.target.value)}
        />
      </div>
      <Select
        label={words.status}
        choices={statuses.map((value) => ({
          value,
          label: value === 'any' ? words.anyStatus : words.statuses[value],
        }))}
        value={status ?? 'any'}
        onChange={(next) => onChange({ status: next === 'any' ? undefined : next })}
      />
      <div className={styles['order']}>
        <Select
          label={words.sort}
          choices={orders.map((value) => ({ value, label: words.orders[value] }))}
          value={order}
          onChange={(next) => onChange({ order: next })}
        />
      </div>
    </search>
  )
}
