import { Link } from '@tanstack/react-router'
import type { Event, EventType } from '../../api/activity.ts'
import { actorName } from '../../texts/actor.ts'
import { formatDuration } from '../../texts/format.ts'
import { t } from '../../texts/index.ts'
import { Time } from '../../ui/time.tsx'
import styles from './events.module.css'

const texts = t.audit

interface EventListProps {
  readonly events: readonly Event[]
  /** Shows the user and the session of each event, as links. Leave it out on the page of one user. */
  readonly app?: string
}

export function EventList({ events, app }: EventListProps) {
  return (
    <ol className={styles['events']}>
      {events.map((event) => (
        <li key={event.id} data-tone={toneOf(event.type)}>
          <div>
            <p>
              <b>{texts.events[event.type]}</b>
              {app !== undefined && event.identifier !== undefined && (
                <>
                  {' · '}
                  {event.user_id && event.type !== 'user-deleted' ? (
                    <Link to="/apps/$app/users/$user" params={{ app, user: event.user_id }}>
                      {event.identifier}
                    </Link>
                  ) : (
                    event.identifier
                  )}
                </>
              )}
            </p>
            <p className={styles['about']}>
              {detailsOf(event)}
              {app !== undefined && event.session_id !== undefined && (
                <>
                  {' · '}
                  <Link
                    to="/apps/$app/activity"
                    params={{ app }}
                    search={(before) => ({ ...before, session: event.session_id })}
                  >
                    {texts.session(event.session_id.slice(0, 6))}
                  </Link>
                </>
              )}
            </p>
          </div>
          <Time at={event.at} />
        </li>
      ))}
    </ol>
  )
}

function toneOf(type: EventType): 'bad' | 'warning' | 'good' | 'neutral' {
  if (type === 'reuse' || type === 'stolen-token') return 'bad'
  if (['deactivate', 'revoke-all', 'not-before', 'session-ended', 'user-deleted'].includes(type))
    return 'warning'
  return type === 'sign-in' || type === 'activate' ? 'good' : 'neutral'
}

/** Returns the actor and, for a change of settings, the old and new values. */
function detailsOf({ type, actor, actor_name, ip, data }: Event): string {
  const by = actor === undefined ? '' : texts.by(actorName(actor, actor_name), ip)
  if (type !== 'settings') return by
  const { before = {}, after = {} } = (data ?? {}) as {
    before?: Record<string, unknown>
    after?: Record<string, unknown>
  }
  const changes = Object.keys(after).map(
    (name) => `${labelOf(name)}: ${formatValue(name, before[name])} → ${formatValue(name, after[name])}`,
  )
  return [by, ...changes].filter(Boolean).join(' · ')
}

const labelOf = (name: string): string => {
  const fields: Readonly<Record<string, { readonly label: string } | undefined>> = t.sessionManagement.fields
  const others: Readonly<Record<string, unknown>> = t.apps.fields
  return fields[name]?.label ?? String(others[name] ?? name)
}

function formatValue(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? t.sessionManagement.on : t.sessionManagement.off
  if (typeof value !== 'number') return Array.isArray(value) ? value.join(', ') || '–' : String(value)
  return value === 0 && name !== 'session_timeout_length' ? texts.noLimit : formatDuration(value)
}
