import { browserEnvironment, isSignedIn, memoryStore, type Store, type TokenManager } from '@tokenkeep/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBrowser, type Browser } from '../../test/browser.ts'
import { makePlainApp, type App, type AppOptions, type Rendered } from '../../test/plain-app.ts'
import { LIFETIME } from '../../test/session-server.ts'
import { createWorld, fromScript, type World } from '../../test/world.ts'
import { createAppSession, type AppSessionOptions, type SessionSnapshot } from './index.ts'

let world: World
let app: App
let browser: Browser
let shared: Store
/** The paths that pages have requested, in order. */
let asked: string[]
let managers: TokenManager<SessionSnapshot>[]
let wake: (() => void)[]
let online = true

beforeEach(async () => {
  world = await createWorld(makePlainApp)
  app = world.instance()
  browser = createBrowser()
  shared = memoryStore()
  ;[asked, managers, wake] = [[], [], []]
  online = true
  vi.stubGlobal('document', {
    get cookie() {
      return browser.header()
    },
  })
  vi.stubGlobal('location', { origin: 'https://shop.example' })
})
afterEach(async () => {
  managers.forEach((manager) => manager.dispose())
  vi.unstubAllGlobals()
  await world.close()
})

const environment = {
  ...browserEnvironment,
  now: () => world.server.now,
  entropy: () => ({ ...browserEnvironment.entropy(), now: world.server.now }),
  fetch: async (path: string, init: RequestInit) => {
    if (!online) throw new TypeError('Failed to fetch')
    asked.push(path)
    return world.visit(app, browser, path, {
      ...init,
      headers: { ...fromScript, ...(init.headers as Record<string, string>) },
    })
  },
  channel: (name, listener, signal) => {
    wake.push(() => listener())
    return browserEnvironment.channel(name, listener, signal)
  },
} as AppSessionOptions['environment'] & object

/** A tab that shows a page of the server. */
async function open(path = '/page', options: Partial<AppSessionOptions> = {}) {
  const { snapshot } = await world.page(app, browser, path)
  return { snapshot, auth: tab(snapshot, options) }
}
function tab(snapshot: SessionSnapshot | undefined, options: Partial<AppSessionOptions> = {}) {
  // The page carries the snapshot as JSON.
  const plain = snapshot && (JSON.parse(JSON.stringify(snapshot)) as SessionSnapshot)
  const auth = createAppSession({ appId: 'shop', snapshot: plain, storage: shared, environment, ...options })
  managers.push(auth)
  return auth
}
const status = (auth: TokenManager<SessionSnapshot>) => expect.poll(() => auth.get().status)
const user = (auth: TokenManager<SessionSnapshot>) => expect.poll(() => auth.get().session?.userId)
const expireToken = (): void => {
  world.pass(LIFETIME)
  wake.forEach((each) => each())
}

describe('the first state (R41)', () => {
  it.for(['/page', '/component'] as const)(
    'is the server’s, before the storage has been read: %s',
    async (path) => {
      expect((await open(path)).auth.get()).toEqual({ status: 'signed-out', reason: 'none' })
      await world.signIn(app, browser)
      const { auth, snapshot } = await open(path)
      expect(auth.get()).toEqual(snapshot.state)
      expect([auth.firstState, auth.session()]).toEqual([snapshot.state, snapshot.state.session])
      await status(auth).toBe('valid')
      expect(asked).toEqual([])
    },
  )

  it('has the cause of the server, as an error', async () => {
    await world.signIn(app, browser)
    world.pass(LIFETIME)
    world.server.network = 'down'
    const { auth } = await open()
    expect(auth.get()).toMatchObject({
      status: 'expired',
      cause: { code: 'unreachable', name: 'TokenError' },
    })
    expect(isSignedIn(auth.get())).toBe(true)
  })

  it('R23: is `refreshing` on a page for everybody, and the browser asks for its own session', async () => {
    const { userId } = await world.signIn(app, browser)
    const auth = tab(undefined)
    expect(auth.get()).toEqual({ status: 'refreshing' })
    await status(auth).toBe('valid')
    await user(auth).toBe(userId)
    expect(asked).toEqual(['/auth/state'])
    // Nobody is signed in: the epoch cookie says so, without a request.
    browser.cookies.clear()
    shared = memoryStore()
    await status(tab(undefined)).toBe('signed-out')
    expect(asked).toEqual(['/auth/state'])
  })

  it('is the same if there is no document', async () => {
    await world.signIn(app, browser)
    const { snapshot } = await world.page(app, browser)
    vi.stubGlobal('document', undefined)
    const onServer = createAppSession({ appId: 'shop', snapshot })
    expect(onServer.get()).toEqual(snapshot.state)
    onServer.dispose()
  })
})

it('refreshes once for all tabs, through its own server', async () => {
  await world.signIn(app, browser)
  const [one, two] = [await open(), await open()]
  await status(one.auth).toBe('valid')
  await status(two.auth).toBe('valid')
  expireToken()
  const tokens = await Promise.all([one.auth, two.auth, one.auth].map((auth) => auth.getAuthToken()))
  expect(new Set(tokens).size).toBe(1)
  expect(tokens[0]).not.toBe(one.snapshot.state.token)
  expect([asked, world.server.refreshes]).toEqual([['/auth/token'], 1])
})

it('takes over the token of a newer page without a request', async () => {
  await world.signIn(app, browser)
  const { auth } = await open()
  await status(auth).toBe('valid')
  world.pass(LIFETIME)
  const later = await open()
  expect(await later.auth.getAuthToken()).toBe(later.snapshot.state.token)
  expect(asked).toEqual([])
})

it('R32: does not use the token of a page that is shown again much later', async () => {
  await world.signIn(app, browser)
  const { snapshot } = await world.page(app, browser)
  world.pass(LIFETIME * 3)
  const auth = tab(snapshot)
  expect(await auth.getAuthToken()).not.toBe(snapshot.state.token)
  expect(asked).toEqual(['/auth/token'])
})

it('R40: stores once what a render could not store', async () => {
  await world.signIn(app, browser)
  world.pass(LIFETIME)
  const { auth } = await open('/component')
  await expect.poll(() => asked).toEqual(['/auth/state'])
  await status(auth).toBe('valid')
  const isUnstored = async () => (await world.page(app, browser, '/component')).snapshot.isUnstored
  await expect.poll(isUnstored).toBe(false)
  expect(asked).toEqual(['/auth/state'])
})

describe('who is signed in', () => {
  const form = (path: string) =>
    world.visit(app, browser, path, { method: 'POST', headers: { origin: 'https://shop.example' } })

  it('R32: follows a sign-out by a form, in every tab that wakes', async () => {
    await world.signIn(app, browser)
    const { auth } = await open()
    await status(auth).toBe('valid')
    await form('/auth/sign-out')
    wake.forEach((each) => each())
    await expect.poll(() => auth.get()).toMatchObject({ status: 'signed-out', reason: 'signed-out' })
    expect(asked).toEqual([])
  })

  it('R12, R13: follows a sign-in of another user, and never gives a token of the first', async () => {
    await world.signIn(app, browser)
    const { auth } = await open()
    const first = await auth.getAuthToken()
    const second = await world.signIn(app, browser)
    wake.forEach((each) => each())
    await user(auth).toBe(second.userId)
    expect(await auth.getAuthToken()).not.toBe(first)
    expect(asked).toEqual(['/auth/state'])
  })

  it('R12: asks a server that cannot be reached once in five seconds, and shows no session meanwhile', async () => {
    await world.signIn(app, browser)
    const { snapshot } = await world.page(app, browser)
    await world.signIn(app, browser)
    let asks = 0
    const failing = {
      ...environment,
      fetch: async () => {
        asks++
        throw new TypeError('Failed to fetch')
      },
    }
    const auth = tab(snapshot, { environment: failing as never, storage: memoryStore() })
    for (let round = 0; round < 20; round++) wake.forEach((each) => each())
    await expect.poll(() => asks).toBe(1)
    expect(auth.get()).toEqual(snapshot.state)
  })

  it('signs in with the snapshot that a route of the app returns', async () => {
    const { auth } = await open()
    await status(auth).toBe('signed-out')
    const { userId } = await world.signIn(app, browser)
    await auth.signIn(((await world.page(app, browser)) satisfies Rendered).snapshot)
    await user(auth).toBe(userId)
    expect(await auth.getAuthToken()).toMatch(/^ey/)
    expect(asked).toEqual([])
  })

  it('J6: signs out at once in every tab, and at the server', async () => {
    const { userId } = await world.signIn(app, browser)
    const [one, two] = [await open(), await open()]
    await status(two.auth).toBe('valid')
    await one.auth.signOut()
    await status(two.auth).toBe('signed-out')
    await expect.poll(() => world.server.alive(userId)).toEqual([])
    expect((await world.page(app, browser)).snapshot.state.status).toBe('signed-out')
  })

  it('J6: stays signed out while its own server cannot be reached, and never ends the next session', async () => {
    await world.signIn(app, browser)
    const { auth, snapshot } = await open()
    await status(auth).toBe('valid')
    online = false
    await auth.signOut()
    const reloaded = tab(snapshot)
    await status(reloaded).toBe('signed-out')
    // Somebody signs in by a form. The sign-out of the first session arrives after that.
    const second = await world.signIn(app, browser)
    online = true
    wake.forEach((each) => each())
    await user(reloaded).toBe(second.userId)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await world.server.alive(second.userId)).toHaveLength(1)
  })
})

it('goes on in memory if the storage fails', async () => {
  await world.signIn(app, browser)
  const storage: Store = { update: () => Promise.reject(new Error('denied')) }
  const { auth } = await open('/page', { storage })
  await status(auth).toBe('valid')
  expireToken()
  expect(await auth.getAuthToken()).toMatch(/^ey/)
})

describe('without a token in the browser', () => {
  const noToken: Partial<AppOptions> = { browser: 'none' }

  it('J5: shows who is signed in, and holds no token anywhere', async () => {
    app = world.instance(noToken)
    const { userId } = await world.signIn(app, browser)
    const { auth } = await open('/page', { browser: 'none' })
    await status(auth).toBe('valid')
    expect([auth.session()?.userId, isSignedIn(auth.get())]).toEqual([userId, true])
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'misconfigured' })
    const record = await shared.update('tokenkeep-ssr:shop', (each) => each)
    expect([record?.session?.userId, JSON.stringify(record)]).toEqual([
      userId,
      expect.not.stringMatching(/ey[\w-]{20}/),
    ])
  })
})
