import { useQuery } from '@tanstack/react-query'
import { statisticsQuery } from '../../api/activity.ts'
import { Loaded } from '../../ui/query-result.tsx'
import { Chart } from './chart.tsx'
import styles from './charts.module.css'
import { NumbersTable } from './numbers-table.tsx'
import { series, valuesOf, type Window } from './time-window.ts'

/** The numbers of a window, one small chart each. */
export function Charts({ app, window }: { readonly app: string; readonly window: Window }) {
  const query = useQuery(statisticsQuery(app, window.from, window.step))
  return (
    <Loaded query={query} lines={6}>
      {({ points }) => (
        <div>
          <div className={styles['charts']}>
            {series.map((name) => (
              <Chart key={name} name={name} values={valuesOf(points, name, window)} window={window} />
            ))}
          </div>
          <NumbersTable points={points} window={window} />
        </div>
      )}
    </Loaded>
  )
}
