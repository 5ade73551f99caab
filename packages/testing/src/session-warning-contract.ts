import { TokenError, type SessionWarning, type TokenManager } from '@tokenkeep/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createFakeTokenManager } from './fake-token-manager.ts'
import { fakeSession, refreshing, signedOut, valid } from './states.ts'

/**
 * What the harness renders below one provider: a component that has the warning for the last `seconds` of the session.
 * If `countdown` is true, it also renders a component whose text is the seconds that are left.
 */
export interface WarningView {
  readonly seconds: number
  readonly countdown: boolean
  /** Call it in each render of the first component. Its text is what this returns. */
  readonly show: (warning: SessionWarning | undefined) => string
}

/** A mounted root. */
export interface MountedWarning {
  readonly element: Element
  /** Performs `work`, and resolves after the framework has rendered the result. */
  update(work: () => Promise<unknown>): Promise<void>
  unmount(): Promise<void>
}

/** How the contract uses one framework's adapter. The timers are Vitest's fake ones. */
export interface WarningHarness {
  mount(manager: TokenManager, view: WarningView): Promise<MountedWarning>
  renderOnServer(manager: TokenManager, view: WarningView): Promise<string>
  /** Hydrates the server's HTML. Rejects if the framework reports a mismatch. */
  hydrate(manager: TokenManager, view: WarningView, html: string): Promise<MountedWarning>
}

const state = (inactiveIn: number) =>
  valid('a.b.c', { ...fakeSession, inactiveAt: Date.now() + inactiveIn * 1000 })

/**
 * Defines the tests that the session warning of every framework must pass. Call it in a Vitest test file. `name` is the
 * framework's name and version, for the titles.
 *
 * @example
 * ```ts
 * import { sessionWarningContract, type WarningHarness } from '@tokenkeep/testing/adapter-contract'
 *
 * // Renders components that use your adapter.
 * declare const harness: WarningHarness
 *
 * sessionWarningContract('MyFramework 1.0', harness)
 * ```
 */
export function sessionWarningContract(name: string, { mount, renderOnServer, hydrate }: WarningHarness) {
  describe(`the contract of the session warning, ${name}`, () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
    })
    afterEach(() => {
      vi.useRealTimers()
    })

    let shown: (SessionWarning | undefined)[] = []
    const viewOf = (countdown = false): WarningView => {
      shown = []
      return {
        seconds: 60,
        countdown,
        show(warning) {
          shown.push(warning)
          return warning ? `warned ${warning.canStay}` : 'quiet'
        },
      }
    }
    const textOf = ({ element }: MountedWarning): string => element.textContent.trim()
    const pass = (seconds: number) => (): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000)

    test('renders only when the warning comes and goes', async () => {
      const fake = createFakeTokenManager({ state: state(300) })
      const mounted = await mount(fake, viewOf())
      expect(textOf(mounted)).toBe('quiet')
      shown = []
      await mounted.update(pass(235))
      expect(shown).toEqual([])
      await mounted.update(pass(5.5))
      expect(textOf(mounted)).toBe('warned true')
      const rendered = shown.length
      await mounted.update(pass(50))
      expect(shown).toHaveLength(rendered)
      await mounted.update(pass(10))
      expect(textOf(mounted)).toBe('quiet')
      await mounted.unmount()
    })

    test('counts down, without further renders of the warning', async () => {
      const mounted = await mount(createFakeTokenManager({ state: state(30) }), viewOf(true))
      await mounted.update(pass(0.5))
      expect(textOf(mounted)).toMatch(/^warned true(30|29)$/)
      const rendered = shown.length
      await mounted.update(pass(10))
      expect(textOf(mounted)).toMatch(/^warned true(20|19)$/)
      expect(shown).toHaveLength(rendered)
      await mounted.unmount()
    })

    test('withdraws the warning when another tab has kept the session alive, and at a sign-out', async () => {
      const fake = createFakeTokenManager({ state: state(30) })
      const mounted = await mount(fake, viewOf(true))
      await mounted.update(pass(0.1))
      await mounted.update(async () => fake.set(refreshing('a.b.c', fake.session())))
      expect(textOf(mounted)).toMatch(/^warned/)
      await mounted.update(async () => fake.set(state(900)))
      expect(textOf(mounted)).toMatch(/^quiet(900|899)$/)
      await mounted.update(async () => fake.set(state(30)))
      expect(textOf(mounted)).toMatch(/^warned/)
      await mounted.update(async () => fake.set(signedOut('signed-out')))
      expect(textOf(mounted)).toMatch(/^quiet$/)
      await mounted.unmount()
    })

    test('gives a function that needs no `this`, and rejects with a coded error', async () => {
      const fake = createFakeTokenManager({ state: state(30) })
      const asked = vi.spyOn(fake, 'getAuthToken').mockRejectedValue(new TokenError('unreachable'))
      const mounted = await mount(fake, viewOf())
      await mounted.update(pass(0.1))
      const { staySignedIn } = shown.at(-1)!
      await expect(staySignedIn()).rejects.toMatchObject({ code: 'unreachable' })
      expect(asked).toHaveBeenCalledOnce()
      await mounted.unmount()
    })

    test('a server renders no warning, hydration renders none too, and then the warning follows', async () => {
      const fake = createFakeTokenManager({ state: state(30) })
      const manager = Object.assign(Object.create(fake) as TokenManager, { firstState: fake.get() })
      const timers = vi.getTimerCount()
      const html = await renderOnServer(manager, viewOf(true))
      expect(html).toContain('quiet')
      expect([fake.subscriptions, vi.getTimerCount()]).toEqual([0, timers])
      const mounted = await hydrate(manager, viewOf(true), html)
      expect(shown[0]).toBeUndefined()
      await mounted.update(pass(0.5))
      expect(textOf(mounted)).toMatch(/^warned true(30|29)$/)
      await mounted.unmount()
    })

    test('leaves no subscription and no timer after unmounting', async () => {
      const fake = createFakeTokenManager({ state: state(300) })
      for (let rounds = 0; rounds < 2; rounds++) {
        // oxlint-disable no-await-in-loop -- One root after the other.
        const mounted = await mount(fake, viewOf(true))
        await mounted.update(pass(2))
        expect(fake.subscriptions).toBeGreaterThan(0)
        await mounted.unmount()
        await pass(1)()
        expect([fake.subscriptions, vi.getTimerCount()]).toEqual([0, 0])
      }
    })
  })
}
