// Runs one peer in a thread of its own, so that other peers do not affect how its code is compiled and cached.
import { parentPort, workerData } from 'node:worker_threads'
import type { Client, Open, Session } from '../peers/peer.ts'
import { time } from '../peers/time.ts'

const { name, origin, session } = workerData as { name: string; origin: string; session: Session }

/** The items of a `localStorage` in memory, because peers expect one and Node has none by default. */
const items = new Map<string, string>()
Object.defineProperty(globalThis, 'localStorage', {
  value: {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
    key: (index: number) => [...items.keys()][index] ?? null,
    get length() {
      return items.size
    },
  },
})

const { open } = (await import(`../peers/${name}.ts`)) as { open: Open }
const client: Client = await open(origin, session)
parentPort!.on(
  'message',
  (calls: number) => void time(client, calls).then((ns) => parentPort!.postMessage(ns)),
)
parentPort!.postMessage('ready')
