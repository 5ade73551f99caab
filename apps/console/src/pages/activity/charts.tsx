import { useQuery } from '@tanstack/react-query'
import { statisticsQuery } from '../../api/activity.ts'
import { QueryResult } from '../../ui/query-result.tsx'
import { Chart } from './chart.tsx'
import styles from './charts.module.css'
import { NumbersTable } from './numbers-table.tsx'
import { series, valuesOf, type TimeWindow } from './time-window.ts'

/** Shows one small chart per series, and the same numbers as a table. */
export function Charts({ app, timeWindow }: { readonly app: string; readonly timeWindow: TimeWindow }) {
  const query = useQuery(statisticsQuery(app, timeWindow.from, timeWindow.step))
  return (
    <QueryResult query={query} lines={6}>
      {({ points }) => (
        <div>
          <div className={styles['charts']}>
            {series.map((name) => (
              <Chart
                key={name}
                name={name}
                values={valuesOf(points, name, timeWindow)}
                timeWindow={timeWindow}
              />
            ))}
          </div>
          <NumbersTable points={points} timeWindow={timeWindow} />
        </div>
      )}
    </QueryResult>
  )
}
