import type { Point } from '../../api/activity.ts'
import { formatDateTime, formatNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import styles from './charts.module.css'
import { series, valuesOf, type TimeWindow } from './time-window.ts'

const texts = t.activity

interface NumbersTableProps {
  readonly points: readonly Point[]
  readonly timeWindow: TimeWindow
}

/** Shows the numbers of the charts as a table. */
export function NumbersTable({ points, timeWindow }: NumbersTableProps) {
  const columns = series.map((name) => valuesOf(points, name, timeWindow))
  const rows = columns[0]!.map((_, n) => ({
    at: timeWindow.from + n * timeWindow.step,
    values: columns.map((values) => values[n]),
  }))
  return (
    <details className={styles['numbers']}>
      <summary>{texts.table}</summary>
      <div className={styles['scroll']} role="region" aria-label={texts.title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{texts.time}</th>
              {series.map((name) => (
                <th key={name} scope="col">
                  {texts.series[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map(({ at, values }) => (
              <tr key={at}>
                <th scope="row">{formatDateTime(new Date(at * 1000))}</th>
                {series.map((name, n) => (
                  <td key={name}>{values[n] === undefined ? '–' : formatNumber(values[n])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
