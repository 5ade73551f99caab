import { expect, it, vi } from 'vitest'
import { tokenResponse } from '../../test/records.ts'
import { identity } from '../tabs/change.ts'
import { signIn } from '../tabs/sign-in.ts'
import type { SignedInRecord } from '../tabs/record.ts'
import { customStore } from './custom-store.ts'

it('loses none of 100 simultaneous changes to a slow storage', async () => {
  const texts = new Map<string, string>()
  const store = customStore({
    read: async (key) => (await Promise.resolve(), texts.get(key)),
    write: async (key, value) => (await Promise.resolve(), void texts.set(key, value)),
  })
  await store.update('k', signIn('e', tokenResponse(), 0))
  const count = (record: SignedInRecord): SignedInRecord => ({ ...record, generation: record.generation + 1 })
  await Promise.all(
    Array.from({ length: 100 }, () => store.update('k', (record) => count(record as SignedInRecord))),
  )
  expect(await store.update('k', identity)).toMatchObject({ generation: 100 })
})

it.for(['nonsense', '"text"', '[]'])('reads %s as no record, and does not overwrite it', async (text) => {
  const store = customStore({ read: () => text, write: () => expect.unreachable() })
  expect(await store.update('k', identity)).toBeUndefined()
})

it('a read that never settles is given up, and the next change reads again (case A5)', async () => {
  vi.useFakeTimers()
  let reads = 0
  const texts = new Map<string, string>()
  const storage = {
    read: (key: string) => (++reads === 1 ? new Promise<string>(() => {}) : texts.get(key)),
    write: (key: string, value: string) => void texts.set(key, value),
  }
  // Two tabs: each has its own queue, and a lock orders them.
  const [one, two] = [customStore(storage), customStore(storage)]
  const failed = expect(one.update('k', identity)).rejects.toThrow('did not answer within 5 seconds')
  const other = two.update('k', signIn('e', tokenResponse(), 0))
  await vi.advanceTimersByTimeAsync(5000)
  await failed
  expect(await other).toMatchObject({ epoch: 'e' })
  expect(await one.update('k', identity)).toMatchObject({ epoch: 'e' })
  vi.useRealTimers()
})

it('a read that settles too late writes nothing (case A5)', async () => {
  vi.useFakeTimers()
  const write = vi.fn<(key: string, value: string) => void>()
  const read = () => new Promise<undefined>((resolve) => setTimeout(resolve, 6000))
  const failed = expect(
    customStore({ read, write }).update('k', signIn('e', tokenResponse(), 0)),
  ).rejects.toThrow('5 seconds')
  await vi.advanceTimersByTimeAsync(7000)
  await failed
  expect(write).not.toHaveBeenCalled()
  vi.useRealTimers()
})
