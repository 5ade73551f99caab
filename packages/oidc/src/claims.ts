import type { Claims, SessionClaims } from '@tokenkeep/core'

/** Chooses the claims that a session keeps: by their names, or by a function. */
export type ChosenClaims = readonly string[] | ((all: Claims) => SessionClaims)

/** Few by default, because every tab reads them with each change of the session. */
const DEFAULT: ChosenClaims = [
  'name',
  'preferred_username',
  'email',
  'email_verified',
  'picture',
  'roles',
  'auth_time',
  'acr',
  'amr',
]

/** They identify the user and the session, so they are always kept. */
const ALWAYS = ['iss', 'sub', 'sid']

const pick = (all: Claims, names: readonly string[]): Claims =>
  Object.fromEntries(names.filter((name) => Object.hasOwn(all, name)).map((name) => [name, all[name]]))

/** Returns the function that makes the claims of a session out of those of an id token. */
export const chooser =
  (chosen: ChosenClaims = DEFAULT) =>
  (all: Claims): SessionClaims =>
    ({
      ...(typeof chosen === 'function' ? chosen(all) : pick(all, chosen)),
      ...pick(all, ALWAYS),
    }) as SessionClaims
