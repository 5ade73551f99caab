import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { UserStatus } from '../../api/users.ts'
import type { UsersSearch } from './search.ts'
import { t } from '../../texts/index.ts'
import { inputClass } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import styles from './users.module.css'

const texts = t.users
const orders = [
  'created_at:desc',
  'created_at:asc',
  'last_login_at:desc',
  'last_login_at:asc',
  'identifier:asc',
  'identifier:desc',
] as const
const statuses = ['any', 'active', 'inactive'] as const

interface FiltersProps {
  readonly q: string | undefined
  readonly status: UserStatus | undefined
  readonly order: NonNullable<UsersSearch['order']>
  readonly onChange: (next: Partial<UsersSearch>) => void
}

export function Filters({ q = '', status, order, onChange }: FiltersProps) {
  const [text, setText] = useState(q)
  const [searched, setSearched] = useState(q)
  const [lastQ, setLastQ] = useState(q)
  // The address has changed, but not by typing: by the back button or a link.
  if (q !== lastQ) {
    setLastQ(q)
    if (q !== searched) setText(q)
  }
  // Searches after a pause of 250 ms in typing.
  useEffect(() => {
    const next = text.trim()
    if (next === q) return undefined
    const timer = setTimeout(() => {
      setSearched(next)
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
          aria-label={texts.search}
          placeholder={texts.search}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Select
        label={texts.status}
        choices={statuses.map((value) => ({
          value,
          label: value === 'any' ? texts.anyStatus : texts.statuses[value],
        }))}
        value={status ?? 'any'}
        onChange={(next) => onChange({ status: next === 'any' ? undefined : next })}
      />
      <div className={styles['order']}>
        <Select
          label={texts.sort}
          choices={orders.map((value) => ({ value, label: texts.orders[value] }))}
          value={order}
          onChange={(next) => onChange({ order: next })}
        />
      </div>
    </search>
  )
}
