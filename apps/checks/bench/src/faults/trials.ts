import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../endpoint/endpoint.ts'
import type { Tab } from '../peers/tab.ts'
import { expiry, outlives, type Scene } from '../peers/scene.ts'

/** What became of the session. */
export type Verdict = 'kept' | 'after a reload' | 'lost'

export interface Outcome {
  readonly verdict: Verdict
  /** Refreshes that reached the server from the expiry on. */
  readonly requests: number
}

/** The token has expired, and a caller asks for it during a fault. Then the fault ends. */
export async function failing(scene: Scene, fault: Fault | 'offline', keeps: boolean): Promise<Outcome> {
  const tab = await scene.signIn()
  if (fault === 'offline') await scene.offline(true)
  else scene.endpoint.fault = fault
  await scene.pass(expiry)
  await tab.token()
  scene.endpoint.fault = undefined
  await scene.offline(false)
  return {
    verdict: await recovers(scene, tab, keeps, fault === 'lost' ? 0 : 1),
    requests: scene.endpoint.requests,
  }
}

/** Asks again a few times, a little later each time, and then in a new page. */
async function recovers(scene: Scene, tab: Tab, keeps: boolean, minutes: number): Promise<Verdict> {
  for (let tries = 0; tries < 3; tries++) {
    if (await tab.token()) return 'kept'
    if (minutes > 0) await scene.pass(minutes)
    else await sleep(1000)
  }
  await tab.close()
  if (!keeps) return 'lost'
  return (await (await scene.tab()).token()) ? 'after a reload' : 'lost'
}

/** Two tabs ask for the token at the same moment. The server accepts each refresh token once. */
export async function secondTab(scene: Scene): Promise<Outcome> {
  const tabs = [await scene.signIn(), await scene.tab()]
  await tabs[1]!.token()
  scene.endpoint.requests = 0
  scene.endpoint.delay = 200
  await scene.pass(expiry)
  const tokens = await Promise.all(tabs.map((tab) => tab.token()))
  const { requests } = scene.endpoint
  // A first call that succeeds is not enough: the session must also be alive at the next expiry.
  const alive = await outlives(scene, tabs[0]!)
  return { verdict: alive ? (tokens.every(Boolean) ? 'kept' : 'after a reload') : 'lost', requests }
}

/** The result of a sign-out without a network. */
export type SignOutOutcome = 'revoked later' | 'never revoked' | 'still signed in'

/** Signs out without a network. Then the network is back, and the next user opens the page. */
export async function signOutOffline(scene: Scene): Promise<SignOutOutcome> {
  const tab = await scene.signIn()
  await scene.offline(true)
  await tab.signOut()
  // Some clients sign out by opening a page of the server.
  await sleep(1000)
  const here = await tab.token()
  await tab.close()
  await scene.offline(false)
  const next = await scene.tab()
  if (here || (await next.token())) return 'still signed in'
  for (let tries = 0; tries < 10 && scene.endpoint.signOuts === 0; tries++) await sleep(200)
  return scene.endpoint.signOuts > 0 ? 'revoked later' : 'never revoked'
}
