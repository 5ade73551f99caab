import { ArrowDown, ArrowUp } from 'lucide-react'
import { t } from '../texts/index.ts'
import styles from './table.module.css'

export interface Sorting {
  /** The current order: a column and a direction, such as `created_at:desc`. */
  readonly order: string
  /** The ids of the columns that the server can sort by. */
  readonly columns: readonly string[]
  readonly onOrder: (order: string) => void
}

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
