import { join } from 'node:path'
import { connection } from '../../../../../packages/server/load/client.ts'
import { deriveKeys } from '../../../../../packages/server/src/tokens/derived-keys.ts'
import { signRefreshToken } from '../../../../../packages/server/src/tokens/refresh-token.ts'
import type { Tell } from '../frame/report.ts'
import { median } from '../frame/rounds.ts'
import { sessionServerRefreshes } from '../server/load.ts'
import { startSubject, type Subject } from '../server/subject.ts'
import { Installation } from '../server/tokenkeep.ts'
import { idOf, openBulk } from './bulk.ts'
import { countDeletable, fill, livePlaces, type Plan, type Place } from './fill.ts'
import { steady } from './steady.ts'

/** How many refreshes are due per second, and how many sessions they rotate over at most. */
export const perSecond = 1000
export const refreshed = 20_000
/** How long refreshes are measured without other work, after as long to warm up. Milliseconds. */
export const quietFor = 4000
/** How many rounds of housekeeping run, one after the other. */
export const roundsOfCollection = 3

export interface Grown {
  /** Size of a session, with its share of the indexes. Bytes. */
  readonly bytes: number
  /** How long refreshes took, without other work and during housekeeping. Milliseconds, sorted. */
  readonly quiet: readonly number[]
  readonly collecting: readonly number[]
  readonly collected: number
  /** How long one round of housekeeping takes. Milliseconds. */
  readonly round: number
  /** How long it takes to revoke all sessions of a user, by their number. Milliseconds. */
  readonly revokeAll: ReadonlyMap<number, number>
}

/** Fills an empty store, and measures the server on it. */
export async function measureGrown(store: string, plan: Plan, tell: Tell): Promise<Grown> {
  const installation = await Installation.create(store)
  const keys = deriveKeys(Buffer.from(installation.masterKey, 'base64url'))
  const tokenOf = ({ user, session }: Place): string =>
    signRefreshToken(keys, 'bench', { userId: idOf(user), sessionId: idOf(session), generation: 0 })
  const bulk = await openBulk(store)
  let server: Subject | undefined
  try {
    tell('filling')
    const bytes = await fill(bulk, plan)
    server = await startSubject([join('src', 'growth', 'session-server.ts'), store], {
      TOKENKEEP_MASTER_KEY: installation.masterKey,
    })
    const { port } = server
    const tokens = livePlaces(plan, refreshed).map(tokenOf)
    const refresh = (goesOn: () => boolean): Promise<number[]> =>
      steady(port, sessionServerRefreshes, tokens, perSecond, goesOn)
    const during = (ms: number): (() => boolean) => {
      const until = performance.now() + ms
      return () => performance.now() < until
    }
    tell('refreshing')
    await refresh(during(quietFor))
    const quiet = await refresh(during(quietFor))

    tell('refreshing during housekeeping')
    const before = await countDeletable(bulk)
    let over = false
    const rounds: number[] = []
    const collect = async (): Promise<void> => {
      for (let round = 0; round < roundsOfCollection; round++)
        rounds.push(await ask(`http://127.0.0.1:${port}/round`))
    }
    const [collecting] = await Promise.all([refresh(() => !over), collect().finally(() => (over = true))])
    const collected = before - (await countDeletable(bulk))

    tell('revoking')
    const revokeAll = await revoke(port, installation.authorization, plan, tokenOf)
    return { bytes, quiet, collecting, collected, round: median(rounds), revokeAll }
  } finally {
    await server?.stop()
    await bulk.close()
  }
}

/** Sends one request. Returns how long it takes. Milliseconds. */
async function ask(url: string): Promise<number> {
  const since = performance.now()
  const response = await fetch(url, { method: 'POST' })
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
  return performance.now() - since
}

/** Revokes all sessions of each user in `crowds` by one request, and checks that the user's last session is refused. */
async function revoke(
  port: number,
  authorization: string,
  { crowds }: Plan,
  tokenOf: (place: Place) => string,
): Promise<Map<number, number>> {
  const to = connection(port)
  const signOutEverywhere = async (user: number): Promise<number> => {
    const since = performance.now()
    const path = `/v1/apps/bench/users/${idOf(user).toString('base64url')}/tokens`
    const { status, body } = await to.ask('DELETE', path, '', authorization)
    if (status !== 200) throw new Error(`${status}: ${body}`)
    return performance.now() - since
  }
  // Warms up with some other users.
  for (let user = 0; user < 100; user++) await signOutEverywhere(user)
  const times = new Map<number, number[]>()
  for (const { user, session, size } of crowds) {
    const took = await signOutEverywhere(user)
    times.set(size, [...(times.get(size) ?? []), took])
    const last = tokenOf({ user, session: session + size - 1 })
    const refused = await to.ask('POST', '/v1/apps/bench/tokens', JSON.stringify({ refresh_token: last }))
    if (refused.status !== 401)
      throw new Error(`a refresh of a revoked session got the status ${refused.status}`)
  }
  to.close()
  return new Map([...times].map(([size, each]) => [size, median(each)]))
}
