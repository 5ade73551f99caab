import {
  createTokenManager,
  memoryStore,
  TokenError,
  type AuthState,
  type TokenManager,
} from '@tokenkeep/core'
import { describe, expect, test, vi } from 'vitest'
import { createFakeTokenManager } from './fake-token-manager.ts'
import { expired, initial, refreshing, signedOut, valid } from './states.ts'

export {
  sessionWarningContract,
  type MountedWarning,
  type WarningHarness,
  type WarningView,
} from './session-warning-contract.ts'

/** The manager's functions, as an adapter gives them to components. */
export type Actions = Pick<TokenManager, 'getAuthToken' | 'signIn' | 'signOut'>

/**
 * What the harness renders below one provider: `count` components whose text is what the adapter's selector returns for
 * `select`, one component that calls `onActions`, and one that calls `onFirstEffect`.
 */
export interface View {
  readonly count: number
  readonly select: (state: AuthState) => string
  /** Call it each time one of the `count` components renders. */
  readonly onRender: () => void
  /** Call it once, in the framework's earliest effect after the first render. */
  readonly onFirstEffect: () => void
  /** Call it with the manager's functions each time the component that has them renders. */
  readonly onActions: (actions: Actions) => void
  /** Call it with each error that the framework passes to its error handler. */
  readonly onError: (error: unknown) => void
}

/** A mounted root. */
export interface Mounted {
  readonly element: Element
  /** Calls `change`, and resolves after the framework has rendered the result. */
  update(change: () => void): Promise<void>
  unmount(): Promise<void>
}

/** How the contract uses one framework's adapter. */
export interface Harness {
  mount(manager: TokenManager, view: View): Promise<Mounted>
  renderOnServer(manager: TokenManager, view: View): Promise<string>
  /** Hydrates the server's HTML. Rejects if the framework reports a mismatch. */
  hydrate(manager: TokenManager, view: View, html: string): Promise<Mounted>
  /** Uses the adapter in a component that has no provider above it. The adapter must throw. */
  useWithoutProvider(): unknown
}

const viewOf = (view: Partial<View> = {}): View => ({
  count: 1,
  select: (state) => state.status,
  onRender: () => undefined,
  onFirstEffect: () => undefined,
  onActions: () => undefined,
  onError: (error) => {
    throw error
  },
  ...view,
})
const textOf = ({ element }: Mounted): string => element.textContent.trim()

/** A real manager. Its refreshes end when the test calls `release`. */
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
      revoke: () => Promise.resolve(undefined),
    },
  })
  return { manager, release: () => release() }
}

/**
 * Defines the tests that every framework's adapter must pass. Call it in a Vitest test file. `name` is the framework's name
 * and version, for the titles.
 *
 * @example
 * ```ts
 * import { adapterContract, type Harness } from '@tokenkeep/testing/adapter-contract'
 *
 * // Renders components that use your adapter.
 * declare const harness: Harness
 *
 * adapterContract('MyFramework 1.0', harness)
 * ```
 */
export function adapterContract(
  name: string,
  { mount, renderOnServer, hydrate, useWithoutProvider }: Harness,
) {
  describe(`the adapter contract, ${name}`, () => {
    test('shows a change that happens between the first render and the subscription', async () => {
      const fake = createFakeTokenManager()
      const mounted = await mount(
        fake,
        viewOf({ count: 2, onFirstEffect: () => fake.set(signedOut('signed-out')) }),
      )
      expect(textOf(mounted)).toBe('signed-out'.repeat(2))
      await mounted.unmount()
    })

    test('has one subscription per root for any number of components, and none after unmounting', async () => {
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

    test('renders nothing after unmounting, and a new root shows the current state', async () => {
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

    test('a silent refresh renders none of 1,000 components that select only whether a user is signed in', async () => {
      const count = 1_000
      const fake = createFakeTokenManager({ state: valid('the.first.token') })
      let renders = 0
      const mounted = await mount(
        fake,
        viewOf({
          count,
          select: ({ session }) => (session ? 'i' : 'o'),
          onRender: () => renders++,
        }),
      )
      expect(textOf(mounted)).toBe('i'.repeat(count))
      renders = 0
      await mounted.update(() => fake.set(refreshing('the.first.token')))
      await mounted.update(() => fake.set(refreshing()))
      await mounted.update(() => fake.set(valid('the.second.token')))
      // oxlint-disable-next-line no-console -- The README states this count, so print it.
      console.info(`${name}: ${renders} renders of ${count} components in a silent refresh`)
      expect(renders).toBe(0)

      await mounted.update(() => fake.set(signedOut('revoked')))
      expect(renders).toBeGreaterThanOrEqual(count)
      expect(textOf(mounted)).toBe('o'.repeat(count))
      await mounted.unmount()
    })

    test('a server renders the first state, hydration renders it too, and then the real state follows', async () => {
      const fake = createFakeTokenManager()
      const shown: string[] = []
      const view = viewOf({
        select: ({ status, session }) => {
          const text = `${status} ${session !== undefined}`
          shown.push(text)
          return text
        },
      })
      const html = await renderOnServer(fake, view)
      expect(html).toContain(`${initial.status} false`)
      expect(html).not.toContain('fake.auth.token')
      expect(fake.subscriptions).toBe(0)

      shown.length = 0
      const mounted = await hydrate(fake, view, html)
      expect(shown[0]).toBe(`${initial.status} false`)
      expect(textOf(mounted)).toBe('valid true')
      await mounted.unmount()
    })

    test('R41: renders what the server knows of the session, first there and first in the browser', async () => {
      const fake = createFakeTokenManager()
      const shown: string[] = []
      const view = viewOf({
        select(state) {
          const text = `${state.status} ${state.reason ?? state.session?.userId}`
          shown.push(text)
          return text
        },
      })
      for (const firstState of [expired(), signedOut('revoked'), valid()]) {
        const manager = Object.assign(Object.create(fake) as TokenManager, { firstState })
        const first = `${firstState.status} ${firstState.reason ?? firstState.session?.userId}`
        shown.length = 0
        const html = await renderOnServer(manager, view)
        expect(html).toContain(first)
        expect(new Set(shown)).toEqual(new Set([first]))
        shown.length = 0
        const mounted = await hydrate(manager, view, html)
        expect([shown[0], textOf(mounted)]).toEqual([first, shown.at(-1)])
        expect(shown.at(-1)).toMatch(/^valid/)
        await mounted.unmount()
      }
    })

    test('shows a sign-out that happens during hydration', async () => {
      const fake = createFakeTokenManager()
      const view = viewOf({ onFirstEffect: () => fake.set(signedOut('signed-out')) })
      const mounted = await hydrate(fake, view, await renderOnServer(fake, viewOf()))
      expect(textOf(mounted)).toBe('signed-out')
      await mounted.unmount()
    })

    test('shows the last state if several changes happen at once', async () => {
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

    test('stays signed out if the answer of a refresh arrives after the sign-out', async () => {
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

    test("gives callers the manager's error, and shows why a refresh failed", async () => {
      const cause = new TokenError('throttled')
      const fake = createFakeTokenManager({ state: expired(cause) })
      let actions: Actions | undefined
      const select = (state: AuthState) => (state.status === 'expired' && state.cause?.code) || state.status
      const mounted = await mount(fake, viewOf({ select, onActions: (given) => (actions = given) }))
      expect(textOf(mounted)).toBe('throttled')
      await expect(actions!.getAuthToken()).rejects.toBe(cause)
      await mounted.unmount()
    })

    test("passes a selector's error to the framework's error handler", async () => {
      const fake = createFakeTokenManager()
      const fault = new Error('a fault of the selector')
      const errors: unknown[] = []
      const select = (state: AuthState) => {
        if (state.status === 'signed-out') throw fault
        return state.status
      }
      const consoleError = vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const mounted = await mount(fake, viewOf({ select, onError: (error) => errors.push(error) }))
      await mounted.update(() => fake.set(signedOut()))
      expect(errors).toContain(fault)
      await mounted.unmount()
      consoleError.mockRestore()
      expect(fake.subscriptions).toBe(0)
    })

    test('gives components the same functions in every render', async () => {
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

    test('throws an error that names the missing provider', () => {
      expect(useWithoutProvider).toThrow(/AuthToken/)
    })
  })
}
