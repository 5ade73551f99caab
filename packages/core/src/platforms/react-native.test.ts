import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { storage } from '../../test/environment-contract.ts'
import { signedInRecord } from '../../test/records.ts'
import { viewOf } from '../../test/view.ts'
import { createTokenManager } from '../manager/manager.ts'
import { functionTransport } from '../transports/function-transport.ts'
import { identity } from '../tabs/change.ts'
import { reactNativeEnvironment, secureStore, type AppState, type SecureStorage } from './react-native.ts'

/** A phone's secure storage, with its rules. `failAt`: the write with this number, and all later ones, never happen. */
class Phone implements SecureStorage {
  readonly items = new Map<string, string>()
  failAt = Infinity
  #writes = 0
  #check(key: string): void {
    if (!/^[\w.-]+$/.test(key)) throw new Error(`Invalid key: ${key}`)
  }
  async getItemAsync(key: string): Promise<string | null> {
    this.#check(key)
    return this.items.get(key) ?? null
  }
  async setItemAsync(key: string, value: string): Promise<void> {
    this.#check(key)
    if (new TextEncoder().encode(value).length > 2048) throw new Error('More than 2048 bytes')
    if (++this.#writes >= this.failAt) throw new Error('The app was killed')
    this.items.set(key, value)
  }
  async deleteItemAsync(key: string): Promise<void> {
    if (this.#writes >= this.failAt) throw new Error('The app was killed')
    this.items.delete(key)
  }
}

/** React Native's AppState. */
class Screen implements AppState {
  currentState = 'active'
  readonly listeners = new Set<(state: string) => void>()
  addEventListener(_: 'change', listener: (state: string) => void) {
    this.listeners.add(listener)
    return { remove: () => this.listeners.delete(listener) }
  }
  show(state: string): void {
    this.currentState = state
    this.listeners.forEach((each) => each(state))
  }
}

const key = 'https://auth.example.com/v1/apps/shop/tokens'
const record = (token: string) => signedInRecord({ token })
const tokenUnder = async (phone: Phone, name = key): Promise<string | undefined> => {
  const found = await secureStore(phone).update(name, identity)
  return found?.session && found.token
}
/** Texts of up to 9,000 characters of every script, so of up to five items. */
const anyToken = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.nat(300))
  .map(([text, times]) => text.repeat(times))

for (const [title, check] of Object.entries(storage))
  it(`a secure store keeps the contract: ${title}`, () => {
    const store = secureStore(new Phone())
    const view = () => viewOf(store, reactNativeEnvironment(new Screen()))
    return check(view(), view())
  })

it('any session fits into items of 2,048 bytes, and comes back as it was; no item of an older one stays', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyToken, { minLength: 1, maxLength: 4 }), async (tokens) => {
      const phone = new Phone()
      for (const token of tokens) {
        await secureStore(phone).update(key, () => record(token))
        expect(await tokenUnder(phone)).toBe(token)
      }
      const last = new Phone()
      await secureStore(last).update(key, () => record(tokens.at(-1)!))
      expect(phone.items.size).toBe(last.items.size)
    }),
  )
})

it('an app that is killed between two items keeps the session that it had, or has the new one', async () => {
  await fc.assert(
    fc.asyncProperty(anyToken, anyToken, fc.integer({ min: 1, max: 8 }), async (before, after, writes) => {
      const phone = new Phone()
      await secureStore(phone).update(key, () => record(before))
      const next = new Phone()
      for (const [name, value] of phone.items) next.items.set(name, value)
      next.failAt = writes
      await secureStore(next)
        .update(key, () => record(after))
        .catch(() => {})
      next.failAt = Infinity
      expect([before, after]).toContain(await tokenUnder(next))
      await secureStore(next).update(key, () => record(after))
      expect(await tokenUnder(next)).toBe(after)
    }),
  )
})

it('different names have different keys', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (one, other) => {
      const phone = new Phone()
      await secureStore(phone).update(one, () => record('first'))
      expect(await tokenUnder(phone, other)).toBe(one === other ? 'first' : undefined)
    }),
  )
})

it('options go to each call, so an app can ask to read its storage while an iPhone is locked', async () => {
  const phone = new Phone()
  const calls = (['getItemAsync', 'setItemAsync'] as const).map((name) => vi.spyOn(phone, name))
  await secureStore(phone, { keychainAccessible: 1 }).update(key, () => record('a'))
  for (const call of calls)
    expect(call.mock.calls.map((args) => args.at(-1))).toEqual(
      call.mock.calls.map(() => ({ keychainAccessible: 1 })),
    )
})

it('an item that cannot be decrypted, or one of several that is gone, counts as absent: a sign-in works', async () => {
  const phone = new Phone()
  await secureStore(phone).update(key, () => record('long'.repeat(2000)))
  phone.items.delete([...phone.items.keys()].find((name) => name.endsWith('2'))!)
  expect(await tokenUnder(phone)).toBe(undefined)
  await secureStore(phone).update(key, () => record('new'))
  expect(await tokenUnder(phone)).toBe('new')
})

it('an app that comes to the foreground reads its record again, and no longer listens after dispose()', async () => {
  const phone = new Phone()
  const screen = new Screen()
  const storage = secureStore(phone)
  const transport = functionTransport({ key, refresh: async () => undefined })
  const auth = createTokenManager({ transport, storage, environment: reactNativeEnvironment(screen) })
  await auth.signIn({ authToken: 'a', expiresIn: 60, refreshToken: 'r' })
  expect(screen.listeners.size).toBeGreaterThan(0)
  phone.items.clear()
  screen.show('background')
  expect(auth.get().status).toBe('valid')
  screen.show('active')
  await vi.waitUntil(() => auth.get().status === 'signed-out')
  auth.dispose()
  expect(screen.listeners.size).toBe(0)
})
