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

/** A server that knows one token, and a manager whose refresh brings it. */
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

test('an operation that was refused is sent again, once, with a token that was asked for by the old one', async () => {
  const { client, tokens, rejected } = setUp('a.new.token')
  const { data } = await client.query<{ orders: string[] }>({ query })
  expect(data!.orders).toEqual(['Pancakes'])
  expect(tokens).toEqual(['Bearer an.old.token', 'Bearer a.new.token'])
  expect(rejected).toHaveBeenLastCalledWith({ rejected: 'an.old.token' })
})

test('a server that always refuses is asked twice', async () => {
  const { client, tokens } = setUp('none.of.these')
  await expect(client.query({ query })).rejects.toThrow('token expired')
  expect(tokens).toHaveLength(2)
})

test('without a session nothing is sent, and the caller gets the reason', async () => {
  const send = vi.fn<typeof fetch>()
  const client = createApollo(
    createFakeTokenManager({ state: signedOut('revoked') }),
    'https://api.example.com/graphql',
    send,
  )
  await expect(client.query({ query })).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
  expect(send).not.toHaveBeenCalled()
})
