import { expect, it } from 'vitest'
import { addHeaders } from './add-headers.ts'

const session = new Headers([
  ['set-cookie', 'a=1'],
  ['set-cookie', 'b=2'],
  ['cache-control', 'private, no-store'],
])

it('adds cookies to a response whose headers cannot be changed, such as that of a fetch', async () => {
  const fetched = await fetch('data:text/plain,orders')
  expect(() => fetched.headers.append('set-cookie', 'a=1')).toThrow(TypeError)
  for (const [response, status, body] of [
    [fetched, 200, 'orders'],
    [Response.redirect('https://shop.example/page', 303), 303, ''],
  ] as const) {
    const answer = addHeaders(response, session)
    expect([answer.status, await answer.text(), answer.headers.getSetCookie()]).toEqual([
      status,
      body,
      ['a=1', 'b=2'],
    ])
  }
})

it('keeps the cookies of the response, and replaces its `Cache-Control`', () => {
  const response = new Response(null, { headers: { 'set-cookie': 'c=3', 'cache-control': 's-maxage=60' } })
  const { headers } = addHeaders(response, session)
  expect([headers.getSetCookie(), headers.get('cache-control')]).toEqual([
    ['c=3', 'a=1', 'b=2'],
    'private, no-store',
  ])
})

it('returns the response itself if there is nothing to add', () => {
  const response = Response.error()
  expect(addHeaders(response, new Headers())).toBe(response)
})
