import { useTable, type ColumnDef, type RowData, tableFeatures } from '@tanstack/react-table'
import type { ReactNode } from 'react'
import { SortButton, type Sorting } from './sort-button.tsx'
import styles from './table.module.css'

const features = tableFeatures({})
export type Columns<Row extends RowData> = ColumnDef<typeof features, Row>[]

interface TableProps<Row extends RowData> {
  /** The accessible name. */
  readonly label: string
  /** Must be the same array in each render: define it at module scope, or memoize it. */
  readonly columns: Columns<Row>
  readonly rows: Row[]
  readonly rowId: (row: Row) => string
  /** The current sorting. Set it if the server sorts the table. */
  readonly sorting?: Sorting
  /** Dims the rows. Set it while the next page loads and the rows still belong to the page before. */
  readonly stale?: boolean
}

/** Shows a table on wide screens. On a phone, it shows each row as a card with labelled cells. */
export function Table<Row extends RowData>({
  label,
  columns,
  rows,
  rowId,
  sorting,
  stale = false,
}: TableProps<Row>) {
  const table = useTable({ features, columns, data: rows, getRowId: rowId })
  return (
    <table className={styles['table']} aria-label={label} aria-busy={stale} data-stale={stale || undefined}>
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id}>
            {group.headers.map((header) => (
              <th key={header.id} scope="col" aria-sort={sortOf(header.column.id, sorting)}>
                {sorting?.columns.includes(header.column.id) ? (
                  <SortButton
                    column={header.column.id}
                    name={nameOf(header.column.columnDef.header) ?? ''}
                    sorting={sorting}
                  />
                ) : (
                  <table.FlexRender header={header} />
                )}
              </th>
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id}>
            {row.getAllCells().map((cell) => (
              <td
                key={cell.id}
                data-column={cell.column.id}
                data-label={nameOf(cell.column.columnDef.header)}
              >
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const nameOf = (header: unknown): string | undefined => (typeof header === 'string' ? header : undefined)

const sortOf = (column: string, sorting: Sorting | undefined) =>
  !sorting?.order.startsWith(`${column}:`)
    ? undefined
    : sorting.order.endsWith(':asc')
      ? 'ascending'
      : 'descending'

/** Shows a main line and a smaller line below it in a cell. */
export function Cell({ main, sub }: { readonly main: ReactNode; readonly sub?: ReactNode }) {
  return (
    <div className={styles['cell']}>
      <div>{main}</div>
      {sub !== undefined && <div className={styles['sub']}>{sub}</div>}
    </div>
  )
}
