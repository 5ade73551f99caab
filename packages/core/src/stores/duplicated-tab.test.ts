import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tokenResponse } from '../../test/records.ts'
import { identity } from '../tabs/change.ts'
import { signIn } from '../tabs/sign-in.ts'
import type { Store } from './store.ts'

// Each page has its own copy of the module, and each tab its own storage. The locks are those of one browser.

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

class Storage {
  readonly texts: Map<string, string>
  constructor(texts: Iterable<[string, string]> = []) {
    this.texts = new Map(texts)
  }
  getItem = (key: string) => this.texts.get(key) ?? null
  setItem = (key: string, text: string) => void this.texts.set(key, text)
  removeItem = (key: string) => void this.texts.delete(key)
}

let locks: { held: Map<string, () => void>; waiting: [string, () => void][] }
beforeEach(() => {
  locks = { held: new Map(), waiting: [] }
  const request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
    const work = rest.at(-1) as () => Promise<unknown>
    const { signal } = rest[0] as { signal?: AbortSignal }
    if (locks.held.has(name))
      await new Promise<void>((resolve, reject) => {
        locks.waiting.push([name, resolve])
        signal?.addEventListener('abort', () => reject(signal.reason))
      })
    const gone = new Promise<void>((resolve) => locks.held.set(name, resolve))
    try {
      return await Promise.race([work(), gone])
    } finally {
      locks.held.delete(name)
      locks.waiting.filter(([each]) => each === name).forEach(([, enter]) => enter())
    }
  }
  vi.stubGlobal('navigator', { locks: { request } })
})
/** The page of the first tab is gone, and its locks with it. */
const leave = (): void => [...locks.held.values()].forEach((free) => free())

/** Opens a page in a tab with this storage. */
const open = async (storage: Storage): Promise<Store> => {
  vi.resetModules()
  const { sessionStorageStore } = await import('./web-storage.ts')
  const store = sessionStorageStore()
  return {
    update(key, change) {
      vi.stubGlobal('sessionStorage', storage)
      return store.update(key, change)
    },
  }
}

it('a duplicated tab starts signed out, and the first tab goes on (case A6)', async () => {
  const storage = new Storage()
  const first = await open(storage)
  await first.update('k', signIn('e', tokenResponse(), 0))
  const copy = await open(new Storage(storage.texts))
  const reading = copy.update('k', identity)
  await vi.advanceTimersByTimeAsync(3000)
  expect(await reading).toBeUndefined()
  expect(await first.update('k', identity)).toMatchObject({ epoch: 'e' })
  await copy.update('k', signIn('e2', tokenResponse(0, 's2'), 0))
  expect(await copy.update('k', identity)).toMatchObject({ epoch: 'e2' })
  expect(await first.update('k', identity)).toMatchObject({ epoch: 'e' })
})

it('a tab that is reloaded keeps its session, even if the page before it takes a while to go (case A6)', async () => {
  const storage = new Storage()
  await (await open(storage)).update('k', signIn('e', tokenResponse(), 0))
  const reading = (await open(storage)).update('k', identity)
  await vi.advanceTimersByTimeAsync(2000)
  leave()
  expect(await reading).toMatchObject({ epoch: 'e' })
})

it('without Web Locks, a tab keeps what it has', async () => {
  vi.stubGlobal('navigator', {})
  const storage = new Storage()
  await (await open(storage)).update('k', signIn('e', tokenResponse(), 0))
  expect(await (await open(storage)).update('k', identity)).toMatchObject({ epoch: 'e' })
})
