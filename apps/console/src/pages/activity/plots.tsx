import styles from './charts.module.css'

interface DrawingProps {
  readonly values: readonly (number | undefined)[]
  readonly most: number
  /** The step that is read. */
  readonly at: number | undefined
}

const height = 64

/** Counts: a bar for each step. */
export function Bars({ values, most, at }: DrawingProps) {
  const width = 100 / values.length
  return (
    <svg className={styles['drawing']} height={height} aria-hidden>
      <line className={styles['ground']} x1="0" x2="100%" y1={height - 0.5} y2={height - 0.5} />
      {values.map((value, n) => {
        const tall = value && Math.max(2, (value / (most || 1)) * (height - 4))
        return tall ? (
          <rect
            key={n}
            className={n === at ? styles['read'] : styles['bar']}
            x={`${n * width + width * 0.14}%`}
            width={`${width * 0.72}%`}
            y={height - tall}
            height={tall}
            rx="1"
          />
        ) : undefined
      })}
    </svg>
  )
}

/** A gauge: a line through what was measured. */
export function Line({ values, most, at }: DrawingProps) {
  const x = (n: number): number => ((n + 0.5) / values.length) * 1000
  const y = (value: number): number => height - 2 - (value / (most || 1)) * (height - 8)
  const points = values.flatMap((value, n) => (value === undefined ? [] : [`${x(n)},${y(value)}`]))
  const first = values.findIndex((value) => value !== undefined)
  const last = values.findLastIndex((value) => value !== undefined)
  const read = at === undefined ? undefined : values[at]
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
      {read !== undefined && (
        <line className={styles['cross']} x1={x(at!)} x2={x(at!)} y1={y(read)} y2={height} />
      )}
    </svg>
  )
}
