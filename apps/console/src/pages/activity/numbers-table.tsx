import type { Point } from '../../api/activity.ts'
import { asDateTime, asNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import styles from './charts.module.css'
import { series, valuesOf, type Window } from './time-window.ts'

const words = t.activity

interface NumbersTableProps {
  readonly points: readonly Point[]
  readonly window: Window
}

/** What the charts draw, for whoever would rather read it. */
export function NumbersTable({ points, window }: NumbersTableProps) {
  const columns = series.map((name) => valuesOf(points, name, window))
  const rows = columns[0]!.map((_, n) => ({
    at: window.from + n * window.step,
    values: columns.map((values) => values[n]),
  }))
  return (
    <details className={styles['numbers']}>
      <summary>{words.table}</summary>
      <div className={styles['scroll']} role="region" aria-label={words.title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.time}</th>
              {series.map((name) => (
                <th key={name} scope="col">
                  {words.series[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map(({ at, values }) => (
              <tr key={at}>
                <th scope="row">{asDateTime(new Date(at * 1000))}</th>
                {series.map((name, n) => (
                  <td key={name}>{values[n] === undefined ? '–' : asNumber(values[n])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
