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

/** Shows a column heading that sorts the table: a click sorts descending, a second click ascending. */
export function SortButton({ column, name, sorting: { order, onOrder } }: SortButtonProps) {
  const sorted = order.startsWith(`${column}:`)
  const descending = order.endsWith(':desc')
  const Arrow = descending ? ArrowDown : ArrowUp
  return (
    <button
      type="button"
      className={styles['sort']}
      aria-label={t.users.sortBy(name)}
      onClick={() => onOrder(`${column}:${sorted && descending ? 'asc' : 'desc'}`)}
    >
      {name}
      {sorted && <Arrow aria-hidden />}
    </button>
  )
}
