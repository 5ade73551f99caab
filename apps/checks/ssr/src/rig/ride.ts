import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../../../../scripts/lib/free-port.ts'
import { openSession, SessionServer, TOKEN_LIFETIME, type Refresh } from '../../../e2e/src/session-server.ts'
import { measureFirstByte, type FirstByte } from './first-byte.ts'
import { startFront, type Front } from './front.ts'
import { startInstances } from './instances.ts'
import { signIn, type Person, type Seen } from './person.ts'
import type { Compared, Subject } from './subject.ts'

/** What a ride, one run of the rig, has shown. */
export interface Result {
  readonly name: string
  readonly compared: Compared | undefined
  readonly expiries: number
  readonly firstByte: FirstByte
  readonly seen: Seen
  readonly front: Front['counts']
  readonly cache: { readonly hits: number; readonly leaks: number }
  readonly kills: number
  readonly rotations: number
  readonly replays: number
  /** Rotations of a session that came sooner after the last one than a token can be due. */
  readonly extraRotations: number
  readonly alarms: number
  /** People whose session was gone at the end. */
  readonly gone: number
}

const INSTANCES = 3
/** How a refresh token of the session server begins. */
const REFRESH_TOKEN = 'rt1.'
const PEOPLE = 4
/**
 * The earliest age at which a token is refreshed ahead. The core does not serve a token in the last tenth of its life,
 * and the app refreshes ahead in the quarter before. Milliseconds.
 */
const SOONEST = TOKEN_LIFETIME * 1000 * 0.65
/** How often an instance is killed. Milliseconds. */
const KILL_EVERY = 12_000

/** Lets people use an app while their tokens expire. `expiries`: over all people. */
export async function ride(subject: Subject, expiries: number, random: () => number): Promise<Result> {
  const server = await SessionServer.create(await freePort(), 'http://localhost')
  await server.start()
  let instances: Awaited<ReturnType<typeof startInstances>> | undefined
  const front = await startFront(() => instances!.urls(), {
    random,
    loss: 1 / 3,
    late: 0.05,
    lateBy: TOKEN_LIFETIME * 2000,
  })
  try {
    const seen: Seen = { lost: 0, expired: 0, served: 0, foreign: 0, secrets: 0 }
    const secrets = {
      CLIENT_SECRET: await server.createClientSecret(),
      SESSION_KEY: randomBytes(32).toString('base64'),
    }
    const isSecret = (text: string): boolean =>
      text.includes(REFRESH_TOKEN) || Object.values(secrets).some((secret) => text.includes(secret))
    const env = { AUTH_URL: server.url, APP_ID: SessionServer.appId, ORIGIN: front.url, ...secrets }
    instances = await startInstances(subject, INSTANCES, env, (line) => {
      if (isSecret(line)) seen.secrets++
    })
    const { kill, urls } = instances
    const firstByte = await measureFirstByte(urls()[0]!, server)
    const before = server.refreshes().length
    const people: Person[] = []
    for (let count = 0; count < PEOPLE; count++)
      people.push(await signIn(subject, front.url, await openSession(server), seen, people, isSecret))

    let kills = 0
    const killing = setInterval(() => (kills += kill(Math.floor(random() * INSTANCES)) ? 1 : 0), KILL_EVERY)
    const waves = Math.ceil(expiries / PEOPLE)
    await Promise.all(
      people.map(async (person, at) => {
        await sleep((at * TOKEN_LIFETIME * 1000) / PEOPLE)
        const late: Promise<void>[] = []
        for (let wave = 0; wave < waves; wave++) {
          await sleep(TOKEN_LIFETIME * 1000)
          late.push(person.wave())
          // Late answers arrive during the next waves. A busy machine must not get ever more work.
          if (late.length > 2) await late.shift()
        }
        await Promise.all(late)
      }),
    )
    clearInterval(killing)
    const last = await Promise.all(people.map(({ status }) => status(urls()[0]!)))

    const refreshes = server.refreshes().slice(before)
    const count = (kind: string): number => refreshes.filter(({ outcome }) => outcome === kind).length
    return {
      name: subject.name,
      compared: subject.compared,
      expiries: waves * PEOPLE,
      firstByte,
      seen,
      front: front.counts,
      cache: { hits: front.cache.hits, leaks: front.cache.leaks },
      kills,
      rotations: count('rotated'),
      replays: count('replayed'),
      extraRotations: extraRotations(refreshes),
      alarms: count('reused'),
      gone: last.filter((status) => status !== 'valid').length,
    }
  } finally {
    front.close()
    await instances?.close()
    await server.dispose()
  }
}

/** Counts rotations that came too soon after the last one of the same session. */
function extraRotations(refreshes: readonly Refresh[]): number {
  const last = new Map<unknown, number>()
  let extra = 0
  for (const { session, outcome, time } of refreshes) {
    if (outcome !== 'rotated') continue
    const at = time as number
    // The log has the time of the answer, so allow for a busy server.
    if (at - (last.get(session) ?? 0) < SOONEST - 500) extra++
    last.set(session, at)
  }
  return extra
}
