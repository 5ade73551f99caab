import type { Settings } from '@tokenkeep/protocol'
import { inWords } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { CloseUp } from './close-up.tsx'
import { liveThrough } from './simulation.ts'
import { momentOf, percent, reach, ticks } from './timeline-axis.ts'
import styles from './timeline.module.css'

const words = t.sessionManagement.timeline

/** One session, drawn: when its person is at work, how long it lasts, and what ends it. */
export function Timeline({ settings }: { readonly settings: Settings }) {
  const life = liveThrough(settings)
  const span = reach(life, settings)
  const x = (at: number): string => percent(Math.min(at, span), span)
  const { end } = life
  const uses = life.uses.filter(({ from }) => from < span)
  const last = uses.at(-1)?.to ?? 0
  const over = end?.at ?? span
  const absolute = settings.refresh_enabled ? settings.refresh_absolute_lifetime : 0
  const far = end?.why === 'inactivity' && absolute > 0
  const summary = end
    ? words.summary(momentOf(0), momentOf(end.at), words.why[end.why])
    : words.summaryEndless(momentOf(0))
  const marks = ticks(span)
  const late = !!end && end.at / span > 0.6

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
        <rect className={styles['session']} x="0" y="36" width={x(over)} height="28" rx="6" />
        {end?.why === 'inactivity' && (
          <rect
            className={styles['idle']}
            x={x(last)}
            y="36"
            width={percent(over - last, span)}
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
              className={styles['why']}
              x={x(end.at)}
              y="14"
              dx={late ? 4 : -4}
              textAnchor={late ? 'end' : 'start'}
            >
              {words.ends[end.why](momentOf(end.at))}
            </text>
          </>
        )}
      </svg>
      <figcaption className={styles['legend']}>
        <span data-mark="session">{words.session}</span>
        {end?.why === 'inactivity' && <span data-mark="idle">{words.idle}</span>}
        <span data-mark="use">{words.use}</span>
        {far && <span>{words.absoluteLater(inWords(absolute))}</span>}
        {!end && <span>{words.endless}</span>}
      </figcaption>
      {settings.refresh_enabled && <CloseUp lifetime={settings.session_timeout_length} />}
    </figure>
  )
}
