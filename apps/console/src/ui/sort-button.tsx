import { ArrowDown, ArrowUp } from 'lucide-react'
import { t } from '../texts/index.ts'
import type { Sorting } from './table.tsx'
import styles from './table.module.css'

interface SortButtonProps {
  readonly column: string
  readonly name: string
  readonly sorting: Sorting
}

/** A column's heading, where the table can be sorted by it: the latest or largest first, then the other way round. */
export function SortButton({ column, name, sorting: { order, onOrder } }: SortButtonProps) {
  const mine = order.startsWith(`${column}:`)
  const descending = order.endsWith(':desc')
  const Arrow = descending ? ArrowDown : ArrowUp
  return (
    <button
      type="button"
      className={styles['sort']}
      aria-label={t.users.sortBy(name)}
      onClick={() => onOrder(`${column}:${mine && descending ? 'asc' : 'desc'}`)}
    >
      {name}
      {mine && <Arrow aria-hidden />}
    </button>
  )
}
