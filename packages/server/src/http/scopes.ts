import { scope, type Role, type Scope } from '@tokenkeep/protocol'
import type { MiddlewareHandler } from 'hono'
import { ApiError } from '../errors.ts'
import { CONSOLE_APP_ID } from '../operations/console-app.ts'
import type { Operation } from './openapi/operation.ts'
import type { ApiKeyOptions } from '../tokens/api-keys.ts'
import type { Env, Manager } from './request.ts'

interface Wanted {
  readonly scopes?: readonly Scope[] | undefined
  readonly addresses: readonly string[]
  /** Milliseconds since the epoch. Null: no end. */
  readonly expiresAt: number | null
}

const READ: readonly Scope[] = ['users:read', 'settings:read', 'events:read']
const SCOPES_OF: Readonly<Record<Role, readonly Scope[]>> = {
  owner: scope.options,
  admin: scope.options,
  support: [...READ, 'sessions:end'],
  auditor: READ,
}

/** What an administrator may do in an app. Whoever may change the Console's own app can make administrators. */
export const scopesOfRole = (role: Role, appId: string | undefined): readonly Scope[] =>
  appId === CONSOLE_APP_ID && role !== 'owner' ? READ : SCOPES_OF[role]

const notAllowed = (message: string): ApiError => new ApiError('operation_not_allowed', message)

/** These make an administrator, or a session of one. */
const MAKE_ADMINS: readonly Scope[] = ['users:write', 'sessions:create', 'settings:write', 'keys']

/**
 * Throws {@link ApiError} `operation_not_allowed` if the manager may not do this. Who can make administrators can do everything,
 * so it needs every scope.
 */
export function requireScope({ scopes }: Manager, needed: Scope, appId?: string): void {
  if (appId === CONSOLE_APP_ID && MAKE_ADMINS.includes(needed) && scopes.length < scope.options.length)
    throw notAllowed('this needs every scope, because it is about administrators: ask an owner')
  if (!scopes.includes(needed))
    throw notAllowed(`this needs ${needed}: use a key with this scope, or ask an owner for another role`)
}

/** Refuses a management call whose manager lacks its scope. */
export const scopeOf =
  ({ scope: needed }: Operation): MiddlewareHandler<Env> =>
  async (c, next) => {
    // A page that asks without a key gets the variant for pages.
    const manager = c.get('actor')
    if (manager && needed) requireScope(manager, needed, c.get('app')?.id)
    await next()
  }

/**
 * What a new API key may do: no more than whoever creates it, from nowhere else and for no longer. Throws {@link ApiError}
 * `operation_not_allowed`.
 */
export function grantOf(
  { scopes: own, key }: Manager,
  { scopes = own, addresses, expiresAt }: Wanted,
): Required<ApiKeyOptions> {
  const more = scopes.find((each) => !own.includes(each))
  if (more) throw notAllowed(`scopes: you do not have ${more} yourself, so you cannot grant it`)
  const from = key?.addresses ?? []
  if (from.length && addresses.some((each) => !from.includes(each)))
    throw notAllowed(`addresses: this key is for ${from.join(', ')} only, and so are those that it creates`)
  const ends = [expiresAt, key?.expires_at ?? null].filter((at) => at !== null)
  return {
    scopes,
    addresses: addresses.length ? addresses : from,
    expiresAt: ends.length ? Math.min(...ends) : null,
  }
}
