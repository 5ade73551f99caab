import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Suspense } from 'react'
import { renderToPipeableStream } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import {
  AuthTokenProvider,
  createTokenManager,
  RequireAuth,
  sessionServer,
  useAuthToken,
  useSuspenseAuthToken,
} from './index.ts'

// Runs in Node without a DOM, as Next.js does.

const Status = () => useAuthToken((state) => state.status)
const Who = () => useSuspenseAuthToken().state.status

test('a server streams the first state and the fallbacks, and subscribes to nothing', async () => {
  const manager = createTokenManager({
    transport: sessionServer({ url: 'https://auth.example.com', appId: 'app' }),
  })
  const subscribe = vi.spyOn(manager, 'subscribe')
  const output = new PassThrough()
  const { pipe } = renderToPipeableStream(
    <AuthTokenProvider manager={manager}>
      <Status />{' '}
      <RequireAuth pending="pending" fallback="sign in">
        orders
      </RequireAuth>{' '}
      <Suspense fallback="one moment">
        <Who />
      </Suspense>
    </AuthTokenProvider>,
    { onError: () => undefined },
  )
  pipe(output)
  const html = await text(output)
  expect(html.replaceAll(/<!--.*?-->|<template.*?<\/template>|<script.*?<\/script>/gs, '')).toBe(
    'refreshing pending one moment',
  )
  expect(subscribe).not.toHaveBeenCalled()
})
