import styles from './charts.module.css'

interface PlotProps {
  readonly values: readonly (number | undefined)[]
  readonly max: number
  /** The index of the selected step. */
  readonly at: number | undefined
}

const height = 64

/** Draws one bar per step, for counts. */
export function BarPlot({ values, max, at }: PlotProps) {
  const width = 100 / values.length
  return (
    <svg className={styles['drawing']} height={height} aria-hidden>
      <line className={styles['ground']} x1="0" x2="100%" y1={height - 0.5} y2={height - 0.5} />
      {values.map((value, n) => {
        const barHeight = value && Math.max(2, (value / (max || 1)) * (height - 4))
        return barHeight ? (
          <rect
            key={n}
            className={n === at ? styles['selected'] : styles['bar']}
            x={`${n * width + width * 0.14}%`}
            width={`${width * 0.72}%`}
            y={height - barHeight}
            height={barHeight}
            rx="1"
          />
        ) : undefined
      })}
    </svg>
  )
}

/** Draws a line through the measured values, for a gauge. */
export function LinePlot({ values, max, at }: PlotProps) {
  const x = (n: number): number => ((n + 0.5) / values.length) * 1000
  const y = (value: number): number => height - 2 - (value / (max || 1)) * (height - 8)
  const points = values.flatMap((value, n) => (value === undefined ? [] : [`${x(n)},${y(value)}`]))
  const first = values.findIndex((value) => value !== undefined)
  const last = values.findLastIndex((value) => value !== undefined)
  const selected = at === undefined ? undefined : values[at]
  return (
    <svg
      className={styles['drawing']}
      height={height}
      viewBox={`0 0 1000 ${height}`}
      preserveAspectRatio="none"
      aria-hidden
    >
      <line className={styles['ground']} x1="0" x2="1000" y1={height - 0.5} y2={height - 0.5} />
      {points.length > 0 && (
        <>
          <polygon
            className={styles['area']}
            points={`${x(first)},${height} ${points.join(' ')} ${x(last)},${height}`}
          />
          <polyline className={styles['line']} points={points.join(' ')} />
        </>
      )}
      {selected !== undefined && (
        <line className={styles['cross']} x1={x(at!)} x2={x(at!)} y1={y(selected)} y2={height} />
      )}
    </svg>
  )
}
