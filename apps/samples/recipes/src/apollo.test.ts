import { gql } from '@apollo/client'
import { createFakeTokenManager, signedOut, valid } from '@tokenkeep/testing'
import { expect, test, vi } from 'vitest'
import { createApollo } from './apollo.ts'

const query = gql`
  query Orders {
    orders
  }
`
const unauthenticated = {
  errors: [{ message: 'token expired', extensions: { code: 'UNAUTHENTICATED' } }],
}

/** Creates a client of a server that accepts only the token `known`. Its manager's refresh returns `a.new.token`. */
const setUp = (known: string) => {
  const auth = createFakeTokenManager({ state: valid('an.old.token') })
  const tokens: (string | null)[] = []
  const send = vi.fn<typeof fetch>(async (_url, init) => {
    const token = new Headers(init!.headers).get('authorization')
    tokens.push(token)
    return Response.json(token === `Bearer ${known}` ? { data: { orders: ['Pancakes'] } } : unauthenticated)
  })
  const rejected = vi.spyOn(auth, 'getAuthToken')
  rejected.mockImplementation(async (options) => (options?.rejected ? 'a.new.token' : 'an.old.token'))
  return { client: createApollo(auth, 'https://api.example.com/graphql', send), tokens, rejected }
}

test('sends a refused operation once more, with the token that a refresh returned', async () => {
  const { client, tokens, rejected } = setUp('a.new.token')
  const { data } = await client.query<{ orders: string[] }>({ query })
  expect(data!.orders).toEqual(['Pancakes'])
  expect(tokens).toEqual(['Bearer an.old.token', 'Bearer a.new.token'])
  expect(rejected).toHaveBeenLastCalledWith({ rejected: 'an.old.token' })
})

test('sends an operation only twice to a server that always refuses it', async () => {
  const { client, tokens } = setUp('none.of.these')
  await expect(client.query({ query })).rejects.toThrow('token expired')
  expect(tokens).toHaveLength(2)
})

test('without a session, sends nothing and rejects with the reason', async () => {
  const send = vi.fn<typeof fetch>()
  const client = createApollo(
    createFakeTokenManager({ state: signedOut('revoked') }),
    'https://api.example.com/graphql',
    send,
  )
  await expect(client.query({ query })).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
  expect(send).not.toHaveBeenCalled()
})
