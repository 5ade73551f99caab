import { t } from './index.ts'

const texts = t.audit.actors

/** Returns the display name of an actor: `the user`, the API key with its name, or the name of the admin at that time. */
export function actorName(actor: string, name: string | undefined): string {
  if (actor === 'user' || actor === 'system') return texts[actor]
  return actor.startsWith('api-key:') ? texts.apiKey(name) : (name ?? actor)
}
