import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { formatDateTime, formatNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { BarPlot, LinePlot } from './plots.tsx'
import styles from './charts.module.css'
import type { Series, TimeWindow } from './time-window.ts'

const texts = t.activity

interface ChartProps {
  readonly name: Series
  readonly values: readonly (number | undefined)[]
  readonly timeWindow: TimeWindow
}

/** Shows one number over time. The pointer and the arrow keys select the time step whose value is shown. */
export function Chart({ name, values, timeWindow }: ChartProps) {
  const [at, setAt] = useState<number>()
  const isGauge = name === 'live_sessions'
  const known = values.filter((value) => value !== undefined)
  const total = isGauge ? known.at(-1) : known.reduce((sum, value) => sum + value, 0)
  const max = Math.max(0, ...known)
  const shown = at === undefined ? total : values[at]
  const time = at !== undefined && formatDateTime(new Date((timeWindow.from + at * timeWindow.step) * 1000))

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    setAt(
      Math.min(values.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * values.length))),
    )
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (move) setAt(Math.min(values.length - 1, Math.max(0, (at ?? values.length) + move)))
  }

  return (
    <figure className={styles['chart']} data-alarm={(name === 'reuses' && (total ?? 0) > 0) || undefined}>
      <figcaption>
        <span className={styles['name']}>{texts.series[name]}</span>
        <output className={styles['value']}>{shown === undefined ? '–' : formatNumber(shown)}</output>
        <span className={styles['about']}>
          {time || (known.length === 0 ? texts.notMeasured : texts.about[name])}
        </span>
      </figcaption>
      <div
        className={styles['plot']}
        role="slider"
        tabIndex={0}
        aria-label={texts.chart(texts.series[name], total === undefined ? '–' : formatNumber(total))}
        aria-valuemin={0}
        aria-valuemax={values.length - 1}
        aria-valuenow={at ?? values.length - 1}
        aria-valuetext={`${time || ''} ${shown ?? '–'}`}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(undefined)}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(undefined)}
      >
        {isGauge ? (
          <LinePlot values={values} max={max} at={at} />
        ) : (
          <BarPlot values={values} max={max} at={at} />
        )}
      </div>
    </figure>
  )
}
