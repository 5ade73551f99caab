import { random } from '@tokenkeep/testing/random'
import type { Server } from '../server.ts'
import { newId, Owner, type Use } from './owner.ts'
import { Thief, type Loot } from './thief.ts'

/**
 * When the two sides refresh. `lock-step`: the thief 9 s after the owner, at each expiry. `random`: either side at any time.
 * `asleep`: the thief at each expiry, and the owner half an hour later.
 */
export const schedules = ['lock-step', 'random', 'asleep'] as const
export type Schedule = (typeof schedules)[number]

export interface Theft {
  /**
   * `noticed`: by the first use of the side whose token the other side had used up. `missed`: that use was served, or was
   * refused without an alarm. `nothing`: the thief came too late and was never served.
   */
  readonly end: 'noticed' | 'missed' | 'nothing'
  /** How often the thief was served. */
  readonly thiefServed: number
  /** How often the owner was served after the thief's first success. */
  readonly ownerServed: number
}

/** The lifetime of an auth token. Milliseconds. */
const LIFETIME = 300_000
/** Milliseconds. */
const SECOND = 1000
const MAX_USES = 50

/** The generation that a refresh token carries. */
const generationOf = (refreshToken: string): number =>
  Buffer.from(refreshToken.slice('rt1.'.length), 'base64url').readUInt32BE(33)

/** The next use: whose it is, and how long after the one before. Milliseconds. */
function nextUse(schedule: Schedule, uses: number, next: () => number): { isThief: boolean; pause: number } {
  if (schedule === 'random') return { isThief: next() < 0.5, pause: next() * 2 * LIFETIME }
  if (schedule === 'asleep') return { isThief: uses % 7 < 6, pause: LIFETIME }
  return uses % 2 ? { isThief: true, pause: 9 * SECOND } : { isThief: false, pause: LIFETIME - 9 * SECOND }
}

/** Performs the theft of a seed on the real server. Both sides go on until it is noticed. */
export async function performTheft(
  server: Server,
  user: string,
  loot: Loot,
  schedule: Schedule,
  seed: number,
): Promise<Theft> {
  const next = random(seed)
  const owner = new Owner(server, await server.open(user))
  for (let refreshes = Math.floor(next() * 4); refreshes > 0; refreshes--) {
    server.now += LIFETIME
    await owner.refresh()
  }
  server.now += LIFETIME
  const thief = await Thief.steal(server, owner, loot, next)
  let thiefServed = 0
  let ownerServed = 0
  /** The side that must be noticed at its next use: the other side has used up its token with another retry id. */
  let stale: 'owner' | 'thief' | undefined
  const end = (as: Theft['end']): Theft => ({ end: as, thiefServed, ownerServed })

  for (let uses = 0; uses < MAX_USES; uses++) {
    const { isThief, pause } = nextUse(schedule, uses, next)
    server.now += Math.round(pause)
    const side = isThief ? thief : owner
    const other = isThief ? owner : thief
    const sent = isThief ? thief.choose(newId()) : owner.request!
    const outcome: Use = isThief ? await thief.use() : await owner.refresh()
    if (outcome === 'noticed') return end('noticed')
    if (outcome === 'refused') return end(isThief && !thiefServed ? 'nothing' : 'missed')
    if (stale === (isThief ? 'thief' : 'owner')) return end('missed')
    if (isThief) thiefServed += 1
    else if (thiefServed) ownerServed += 1
    const held = other.request!
    const isSame = held.refreshToken === sent.refreshToken && held.retryId === sent.retryId
    const isAhead = generationOf(side.request!.refreshToken) > generationOf(held.refreshToken)
    if (isAhead && !isSame) stale = isThief ? 'owner' : 'thief'
  }
  return end('missed')
}
