import { vi } from 'vitest'

// The parts of a browser that the core calls, small enough to break one call at a time.

/** A database with one object store, whose requests settle in microtasks. */
function fakeDatabase(): { open(): unknown; transaction: () => unknown } {
  let stored: unknown
  const database = {
    transaction() {
      const transaction: Record<string, unknown> = {}
      const later = (event: string, on: Record<string, unknown>): void =>
        queueMicrotask(() => (on[event] as (() => void) | undefined)?.())
      transaction['objectStore'] = () => ({
        get() {
          const reading: Record<string, unknown> = { result: stored }
          queueMicrotask(() => {
            ;(reading['onsuccess'] as () => void)()
            later('oncomplete', transaction)
          })
          return reading
        },
        put: (value: unknown) => void (stored = value),
      })
      return transaction
    },
    open() {
      const opening: Record<string, unknown> = {}
      opening['result'] = { transaction: () => database.transaction(), close() {} }
      queueMicrotask(() => (opening['onsuccess'] as () => void)())
      return opening
    },
  }
  return database
}

/** Replaces the platform's globals, as a browser has them. */
export function stubBrowser(fetch: (url: string, init: RequestInit) => Promise<Response>) {
  const platform = {
    fetch,
    indexedDB: fakeDatabase(),
    localStorage: {} as Record<string, string>,
    BroadcastChannel: class {
      onmessage = undefined
      postMessage(): void {}
      close(): void {}
    },
    navigator: { locks: { request: async (_: string, work: () => unknown) => work() } },
    document: { hidden: false },
    crypto: { getRandomValues: (array: Uint32Array) => array.map(() => Math.floor(Math.random() * 2 ** 32)) },
    addEventListener: (): void => {},
  }
  for (const [name, value] of Object.entries(platform)) vi.stubGlobal(name, value)
  return platform
}
export type FakePlatform = ReturnType<typeof stubBrowser>
