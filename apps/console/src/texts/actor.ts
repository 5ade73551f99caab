import { t } from './index.ts'

const words = t.audit.actors

/** Who did something, for people: `the person`, `an API key`, an admin's name. */
export function actorOf(actor: string): string {
  if (actor === 'user' || actor === 'system') return words[actor]
  return actor.startsWith('api-key:') ? words.apiKey : actor.replace(/^admin:/, '')
}
