import { expect } from '@playwright/test'
import type { Tab } from './cdp.ts'
import { status, World, type Mode, type SignedIn } from './world.ts'

/** A fault that keeps a sign-out from the server or from another tab. */
export interface Fault {
  /** Returns the tabs that stay alive. */
  begin(world: World, tabs: readonly Tab[]): Promise<readonly Tab[]>
  end(world: World, tabs: readonly Tab[]): Promise<void>
}

const offline = (tabs: readonly Tab[], yes: boolean): Promise<unknown> =>
  Promise.all(tabs.map((tab) => tab.offline(yes)))

/** Counts the locks that refreshes hold. A running transaction holds a lock too, but with another name. */
const locksHeld =
  "navigator.locks.query().then(({ held }) => held.filter(({ name }) => name.endsWith('/tokens')).length)"

export const faults = {
  offline: {
    begin: async (_, tabs) => (await offline(tabs, true), tabs),
    end: async (_, tabs) => void (await offline(tabs, false)),
  },
  'a hung server': {
    begin: async ({ origin }, tabs) => ((origin.state = 'hung'), tabs),
    end: async ({ origin }) => origin.recover(),
  },
  'a server that answers 500': {
    begin: async ({ origin }, tabs) => ((origin.state = 'broken'), tabs),
    end: async ({ origin }) => origin.recover(),
  },
  'another tab frozen with the lock': {
    async begin({ origin }, tabs) {
      origin.state = 'hung'
      const frozen = tabs.at(-1)!
      // Freezes the tab during its own refresh.
      await frozen.evaluate('void auth.getAuthToken({ minValidSeconds: 3600 }).catch(() => {})')
      await expect.poll(() => origin.unanswered.size).toBe(1)
      await tabs[0]!.show()
      await frozen.freeze()
      expect(await tabs[0]!.evaluate(locksHeld)).toBe(1)
      return tabs.slice(0, -1)
    },
    async end({ origin }, tabs) {
      expect(await tabs[0]!.evaluate(locksHeld)).toBe(1)
      await tabs.at(-1)!.thaw()
      origin.recover()
    },
  },
} satisfies Record<string, Fault>

/** The common clock of all pages: milliseconds since the epoch, with fractions. */
const clock = 'performance.timeOrigin + performance.now()'

/** Milliseconds. */
export interface Figures {
  /** From the call of `signOut` until the last living tab was signed out. */
  readonly everywhere: number
  /** From the call of `signOut` until its promise was resolved. */
  readonly resolved: number
  /** From the posting of a bare message until the last tab had it. A sign-out cannot be faster. */
  readonly message: number
}

/** Signs out in the first tab, and reads from each tab when it was signed out. */
async function measure(tabs: readonly Tab[]): Promise<Figures> {
  const [first, ...others] = tabs
  const listen = `
    globalThis.left = new Promise((resolve) => {
      const stop = auth.subscribe(({ status }) => status === 'signed-out' && (stop(), resolve(${clock})))
    })
    globalThis.ruler = new BroadcastChannel('ruler')
    globalThis.heard = new Promise((resolve) => (ruler.onmessage = () => resolve(${clock})))
    undefined`
  await Promise.all(tabs.map((tab) => tab.evaluate(listen)))
  const last = async (some: readonly Tab[], moment: string): Promise<number> =>
    Math.max(...(await Promise.all(some.map((tab) => tab.evaluate<number>(moment)))))

  const posted = await first!.evaluate<number>(`(() => {
    const posted = ${clock}
    ruler.postMessage(0)
    return posted
  })()`)
  const message = (await last(others, 'heard')) - posted
  const { called, resolved } = await first!.evaluate<{ called: number; resolved: number }>(`(async () => {
    const called = ${clock}
    await auth.signOut()
    return { called, resolved: ${clock} }
  })()`)
  const everywhere = (await last(tabs, 'left')) - called
  await Promise.all(tabs.map((tab) => tab.evaluate('ruler.close()')))
  return { everywhere, resolved: resolved - called, message }
}

/** Milliseconds within which every tab of a browser must be signed out. */
export const LIMIT = 50

/** Returns the shortest time until every tab was signed out, in milliseconds. The longer times only show that the machine was busy. */
export const best = (figures: readonly Figures[]): number =>
  Math.min(...figures.map(({ everywhere }) => everywhere))

interface Plan {
  readonly mode: Mode
  /** The minimum number of rounds. If none is below the limit yet, up to five times as many follow, because the machine may be busy. */
  readonly rounds: number
  /** How the browser ends right after the last sign-out. */
  readonly ending: 'kill' | 'close'
}

/**
 * Signs in and out under a fault, `rounds` times. Then does so once more, and ends the browser at once. After each of these
 * two parts, the server is reachable again and must learn of every sign-out. Returns the measured times.
 */
export async function signOutUnder(fault: Fault, { mode, rounds, ending }: Plan): Promise<Figures[]> {
  const world = await World.start(mode)
  const figures: Figures[] = []
  const sessions: SignedIn[] = []
  try {
    const tabs: Tab[] = []
    while (tabs.length < 4) tabs.push(await world.open())
    const signIn = async (living: readonly Tab[]): Promise<void> => {
      sessions.push(await world.signIn(living[0]!))
      for (const tab of living) await expect.poll(() => status(tab)).toBe('valid')
    }
    const signOut = async (living: readonly Tab[]): Promise<void> => {
      figures.push(await measure(living))
      for (const tab of living) await expectSignedOut(tab)
    }

    await signIn(tabs)
    let living = await fault.begin(world, tabs)
    await signOut(living)
    const enough = (): boolean =>
      figures.length >= rounds && (best(figures) < LIMIT || figures.length >= 5 * rounds)
    while (!enough()) {
      await signIn(living)
      await signOut(living)
    }
    await fault.end(world, tabs)
    await expectRevoked(world, sessions)
    for (const tab of tabs) await expectSignedOut(tab)

    await signIn(tabs)
    living = await fault.begin(world, tabs)
    await signOut(living)
    await world.restart(ending)
    world.origin.recover()
    await expectSignedOut(await world.open())
    await expectRevoked(world, sessions)
    return figures
  } finally {
    await world.dispose()
  }
}

/** Checks the server's log, and then tries the refresh tokens as a thief would. */
async function expectRevoked({ server }: World, sessions: readonly SignedIn[]): Promise<void> {
  const revoked = (): unknown[] =>
    server.log.filter(({ msg }) => msg === 'sign-out').map(({ session }) => session)
  await expect.poll(revoked).toEqual(expect.arrayContaining(sessions.map(({ sessionId }) => sessionId)))
  for (const { refreshToken } of sessions) expect(await server.refreshStatus(refreshToken)).toBe(401)
}

async function expectSignedOut(tab: Tab): Promise<void> {
  await expect.poll(() => status(tab)).toBe('signed-out')
  const answer = await tab.evaluate('auth.getAuthToken().then(() => "a token", ({ code }) => code)')
  expect(answer).toBe('sign-in-required')
}

/** Returns the figures in one line, round by round. */
export const describeFigures = (figures: readonly Figures[]): string => {
  const all = (name: keyof Figures): string => figures.map((each) => each[name].toFixed(1)).join(' ')
  return `signed out everywhere after ${all('everywhere')} ms, resolved after ${all('resolved')} ms; a bare message takes ${all('message')} ms`
}
