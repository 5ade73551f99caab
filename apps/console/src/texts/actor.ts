import { t } from './index.ts'

const texts = t.audit.actors

/** Returns the display name of an event's actor: `the user`, `an API key`, or the name of an admin. */
export function actorName(actor: string): string {
  if (actor === 'user' || actor === 'system') return texts[actor]
  return actor.startsWith('api-key:') ? texts.apiKey : actor.replace(/^admin:/, '')
}
