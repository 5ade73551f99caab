import type { Settings } from '@tokenkeep/protocol'
import { formatDuration } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { CloseUp } from './close-up.tsx'
import { simulateSession } from './simulation.ts'
import { axisLength, formatMoment, percent, ticks } from './timeline-axis.ts'
import styles from './timeline.module.css'

const texts = t.sessionManagement.timeline

/** Draws one session: the working hours, how long it lasts, and what ends it. */
export function Timeline({ settings }: { readonly settings: Settings }) {
  const session = simulateSession(settings)
  const span = axisLength(session, settings)
  const x = (at: number): string => percent(Math.min(at, span), span)
  const { end } = session
  const uses = session.uses.filter(({ from }) => from < span)
  const last = uses.at(-1)?.to ?? 0
  const endAt = end?.at ?? span
  const absolute = settings.refresh_enabled ? settings.refresh_absolute_lifetime : 0
  const showsAbsolute = end?.reason === 'inactivity' && absolute > 0
  const summary = end
    ? texts.summary(formatMoment(0), formatMoment(end.at), texts.reasons[end.reason])
    : texts.summaryEndless(formatMoment(0))
  const marks = ticks(span)
  const labelOnLeft = !!end && end.at / span > 0.6

  return (
    <figure className={styles['figure']}>
      <svg className={styles['drawing']} role="img" aria-label={summary} height="118">
        {marks.map(({ at, label }, n) => (
          <g key={at}>
            <line className={styles['grid']} x1={x(at)} x2={x(at)} y1="26" y2="92" />
            <text
              className={styles['tick']}
              x={x(at)}
              y="110"
              textAnchor={n === 0 ? 'start' : at / span > 0.97 ? 'end' : 'middle'}
            >
              {label}
            </text>
          </g>
        ))}
        <rect className={styles['session']} x="0" y="36" width={x(endAt)} height="28" rx="6" />
        {end?.reason === 'inactivity' && (
          <rect
            className={styles['idle']}
            x={x(last)}
            y="36"
            width={percent(endAt - last, span)}
            height="28"
          />
        )}
        {uses.map(({ from, to }) => (
          <rect
            key={from}
            className={styles['use']}
            x={x(from)}
            y="72"
            width={percent(Math.min(to, span) - from, span)}
            height="12"
            rx="2"
          />
        ))}
        {end && (
          <>
            <line className={styles['end']} x1={x(end.at)} x2={x(end.at)} y1="20" y2="92" />
            <text
              className={styles['reason']}
              x={x(end.at)}
              y="14"
              dx={labelOnLeft ? 4 : -4}
              textAnchor={labelOnLeft ? 'end' : 'start'}
            >
              {texts.ends[end.reason](formatMoment(end.at))}
            </text>
          </>
        )}
      </svg>
      <figcaption className={styles['legend']}>
        <span data-mark="session">{texts.session}</span>
        {end?.reason === 'inactivity' && <span data-mark="idle">{texts.idle}</span>}
        <span data-mark="use">{texts.use}</span>
        {showsAbsolute && <span>{texts.absoluteLater(formatDuration(absolute))}</span>}
        {!end && <span>{texts.endless}</span>}
      </figcaption>
      {settings.refresh_enabled && <CloseUp lifetime={settings.session_timeout_length} />}
    </figure>
  )
}
