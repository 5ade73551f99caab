import {
  createTokenManager,
  memoryStore,
  TokenError,
  type AuthState,
  type TokenManager,
} from '@tokenkeep/core'
import { describe, expect, test, vi } from 'vitest'
import { createFakeTokenManager } from './fake-token-manager.ts'
import { expired, firstRead, refreshing, signedOut, valid } from './states.ts'

export type Actions = Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'>

/** What a root shows: `count` components, each with `show(state)` by the adapter's selector as its whole text. */
export interface View {
  readonly count: number
  readonly show: (state: AuthState) => string
  /** To be called whenever one of the components renders. */
  readonly onRender: () => void
  /** To be called once, by the framework's earliest effect after the first render. */
  readonly meddle: () => void
  /** To be called with what the adapter gives a component to act with, whenever that one renders. */
  readonly onActions: (actions: Actions) => void
  /** To be called with whatever error the framework gives its error handler. */
  readonly onError: (error: unknown) => void
}

export interface Mounted {
  readonly element: Element
  /** Makes a change, and waits until rendering has followed. */
  update(change: () => void): Promise<void>
  unmount(): Promise<void>
}

/** How the contract drives one framework's adapter. */
export interface Harness {
  mount(manager: TokenManager, view: View): Promise<Mounted>
  renderOnServer(manager: TokenManager, view: View): Promise<string>
  /** Takes the server's HTML over. Rejects where the framework finds that it does not fit. */
  hydrate(manager: TokenManager, view: View, html: string): Promise<Mounted>
  /** Uses the adapter where no root provides it. */
  useWithoutRoot(): unknown
}

const viewOf = (view: Partial<View> = {}): View => ({
  count: 1,
  show: (state) => state.status,
  onRender: () => undefined,
  meddle: () => undefined,
  onActions: () => undefined,
  onError: (error) => {
    throw error
  },
  ...view,
})
const textOf = ({ element }: Mounted): string => element.textContent.trim()

/** A manager of the real kind whose refreshes wait for the test. */
const managerWithHeldRefresh = () => {
  let release = (): void => undefined
  const tokenResponse = (token: string) => ({
    token,
    lifetime: 60_000,
    refreshToken: `refresh of ${token}`,
    session: { id: 's', userId: 'u', renewable: true },
  })
  const held = new Promise<void>((resolve) => (release = resolve))
  const manager = createTokenManager<string>({
    storage: memoryStore(),
    transport: {
      key: 'adapter-contract',
      parseTokenResponse: tokenResponse,
      refresh: async () => {
        await held
        return { issued: tokenResponse('too.late.token') }
      },
      revoke: () => Promise.resolve(true),
    },
  })
  return { manager, release: () => release() }
}

/** What every adapter promises, whatever its framework. `name` is the framework's, with its version. */
export function adapterContract(name: string, { mount, renderOnServer, hydrate, useWithoutRoot }: Harness) {
  describe(`the adapter contract, ${name}`, () => {
    test('a change between the first render and what follows on it is not lost', async () => {
      const fake = createFakeTokenManager()
      const mounted = await mount(fake, viewOf({ count: 2, meddle: () => fake.set(signedOut('signed-out')) }))
      expect(textOf(mounted)).toBe('signed-out'.repeat(2))
      await mounted.unmount()
    })

    test('one subscription per root, whatever the number of components, and none after it', async () => {
      const fake = createFakeTokenManager()
      const first = await mount(fake, viewOf({ count: 20 }))
      expect(fake.subscriptions).toBe(1)
      const second = await mount(fake, viewOf())
      expect(fake.subscriptions).toBe(2)
      await first.unmount()
      expect(fake.subscriptions).toBe(1)
      await second.unmount()
      expect(fake.subscriptions).toBe(0)
    })

    test('teardown leaves nothing: later changes render nothing, and a new root begins afresh', async () => {
      const fake = createFakeTokenManager()
      let renders = 0
      const view = viewOf({ onRender: () => renders++ })
      await (await mount(fake, view)).unmount()
      renders = 0
      fake.set(signedOut())
      await new Promise((resolve) => setTimeout(resolve))
      expect(renders).toBe(0)

      const again = await mount(fake, view)
      expect(textOf(again)).toBe('signed-out')
      await again.update(() => fake.set(valid()))
      expect(textOf(again)).toBe('valid')
      await again.unmount()
      expect(fake.subscriptions).toBe(0)
    })

    test('a silent refresh renders none of 1,000 components that ask only whether someone is signed in', async () => {
      const count = 1_000
      const fake = createFakeTokenManager({ state: valid('the.first.token') })
      let renders = 0
      const mounted = await mount(
        fake,
        viewOf({
          count,
          show: (state) => ('session' in state ? 'i' : 'o'),
          onRender: () => renders++,
        }),
      )
      expect(textOf(mounted)).toBe('i'.repeat(count))
      renders = 0
      await mounted.update(() => fake.set(refreshing('the.first.token')))
      await mounted.update(() => fake.set(refreshing()))
      await mounted.update(() => fake.set(valid('the.second.token')))
      // oxlint-disable-next-line no-console -- The count is a promise of the README: it is there to be read.
      console.info(`${name}: ${renders} renders of ${count} components in a silent refresh`)
      expect(renders).toBe(0)

      await mounted.update(() => fake.set(signedOut('revoked')))
      expect(renders).toBeGreaterThanOrEqual(count)
      expect(textOf(mounted)).toBe('o'.repeat(count))
      await mounted.unmount()
    })

    test('the server sends the first state, the browser takes it over, and the real state follows', async () => {
      const fake = createFakeTokenManager()
      const shown: string[] = []
      const view = viewOf({
        show: (state) => {
          const text = `${state.status} ${'session' in state}`
          shown.push(text)
          return text
        },
      })
      const html = await renderOnServer(fake, view)
      expect(html).toContain(`${firstRead.status} false`)
      expect(html).not.toContain('fake.auth.token')
      expect(fake.subscriptions).toBe(0)

      shown.length = 0
      const mounted = await hydrate(fake, view, html)
      expect(shown[0]).toBe(`${firstRead.status} false`)
      expect(textOf(mounted)).toBe('valid true')
      await mounted.unmount()
    })

    test('a sign-out during hydration is shown', async () => {
      const fake = createFakeTokenManager()
      const view = viewOf({ meddle: () => fake.set(signedOut('signed-out')) })
      const mounted = await hydrate(fake, view, await renderOnServer(fake, viewOf()))
      expect(textOf(mounted)).toBe('signed-out')
      await mounted.unmount()
    })

    test('the last of several changes at once is shown', async () => {
      const fake = createFakeTokenManager({ state: expired() })
      const mounted = await mount(fake, viewOf())
      await mounted.update(() => {
        fake.set(refreshing())
        fake.set(valid())
        fake.set(signedOut('revoked'))
      })
      expect(textOf(mounted)).toBe('signed-out')
      await mounted.unmount()
    })

    test('a sign-out during a refresh stays: the late answer brings nothing back', async () => {
      const { manager, release } = managerWithHeldRefresh()
      await manager.signIn('the.first.token')
      let actions: Actions | undefined
      const mounted = await mount(
        manager as TokenManager,
        viewOf({ onActions: (given) => (actions = given) }),
      )
      expect(textOf(mounted)).toBe('valid')

      let caller: Promise<string> | undefined
      await mounted.update(() => {
        caller = actions!.getAuthToken({ minValidSeconds: 3_600 })
      })
      expect(textOf(mounted)).toBe('refreshing')
      caller!.catch(() => undefined)
      await mounted.update(() => void actions!.signOut())
      await mounted.update(release)
      await expect(caller).rejects.toMatchObject({ code: 'sign-in-required', reason: 'signed-out' })
      await mounted.update(() => undefined)
      expect(textOf(mounted)).toBe('signed-out')
      await mounted.unmount()
      manager.dispose()
    })

    test("a caller gets the manager's own error, and the state shows why a refresh failed", async () => {
      const cause = new TokenError('throttled')
      const fake = createFakeTokenManager({ state: expired(cause) })
      let actions: Actions | undefined
      const show = (state: AuthState) => (state.status === 'expired' && state.cause?.code) || state.status
      const mounted = await mount(fake, viewOf({ show, onActions: (given) => (actions = given) }))
      expect(textOf(mounted)).toBe('throttled')
      await expect(actions!.getAuthToken()).rejects.toBe(cause)
      await mounted.unmount()
    })

    test("a selector's own error reaches the framework's error handler", async () => {
      const fake = createFakeTokenManager()
      const fault = new Error('a fault of the selector')
      const errors: unknown[] = []
      const show = (state: AuthState) => {
        if (state.status === 'signed-out') throw fault
        return state.status
      }
      const quiet = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const mounted = await mount(fake, viewOf({ show, onError: (error) => errors.push(error) }))
      await mounted.update(() => fake.set(signedOut()))
      expect(errors).toContain(fault)
      await mounted.unmount()
      quiet.mockRestore()
      expect(fake.subscriptions).toBe(0)
    })

    test('the functions stay the same while the state changes', async () => {
      const fake = createFakeTokenManager()
      const given: Actions[] = []
      const mounted = await mount(fake, viewOf({ count: 2, onActions: (actions) => given.push(actions) }))
      await mounted.update(() => fake.set(signedOut()))
      for (const { getAuthToken, signIn, signOut } of given) {
        expect(getAuthToken).toBe(given[0]!.getAuthToken)
        expect(signIn).toBe(given[0]!.signIn)
        expect(signOut).toBe(given[0]!.signOut)
      }
      await mounted.unmount()
    })

    test('without a root, the error names what is missing', () => {
      expect(useWithoutRoot).toThrow(/AuthToken/)
    })
  })
}
