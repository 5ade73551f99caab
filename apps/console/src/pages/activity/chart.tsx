import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { asDateTime, asNumber } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Bars, Line } from './plots.tsx'
import styles from './charts.module.css'
import type { Series, Window } from './time-window.ts'

const words = t.activity

interface ChartProps {
  readonly name: Series
  readonly values: readonly (number | undefined)[]
  readonly window: Window
}

/** One number over time. The pointer, or the arrow keys, read single steps. */
export function Chart({ name, values, window }: ChartProps) {
  const [at, setAt] = useState<number>()
  const gauge = name === 'live_sessions'
  const known = values.filter((value) => value !== undefined)
  const total = gauge ? known.at(-1) : known.reduce((sum, value) => sum + value, 0)
  const most = Math.max(0, ...known)
  const shown = at === undefined ? total : values[at]
  const moment = at !== undefined && asDateTime(new Date((window.from + at * window.step) * 1000))

  const point = (event: PointerEvent<HTMLElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    setAt(
      Math.min(values.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * values.length))),
    )
  }
  const press = (event: KeyboardEvent): void => {
    const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (move) setAt(Math.min(values.length - 1, Math.max(0, (at ?? values.length) + move)))
  }

  return (
    <figure className={styles['chart']} data-alarm={(name === 'reuses' && (total ?? 0) > 0) || undefined}>
      <figcaption>
        <span className={styles['name']}>{words.series[name]}</span>
        <output className={styles['value']}>{shown === undefined ? '–' : asNumber(shown)}</output>
        <span className={styles['about']}>
          {moment || (known.length === 0 ? words.notMeasured : words.about[name])}
        </span>
      </figcaption>
      <div
        className={styles['plot']}
        role="slider"
        tabIndex={0}
        aria-label={words.chart(words.series[name], total === undefined ? '–' : asNumber(total))}
        aria-valuemin={0}
        aria-valuemax={values.length - 1}
        aria-valuenow={at ?? values.length - 1}
        aria-valuetext={`${moment || ''} ${shown ?? '–'}`}
        onPointerMove={point}
        onPointerLeave={() => setAt(undefined)}
        onKeyDown={press}
        onBlur={() => setAt(undefined)}
      >
        {gauge ? <Line values={values} most={most} at={at} /> : <Bars values={values} most={most} at={at} />}
      </div>
    </figure>
  )
}
