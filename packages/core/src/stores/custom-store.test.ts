import { expect, it } from 'vitest'
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
