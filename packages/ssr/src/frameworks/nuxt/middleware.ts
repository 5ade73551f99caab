import { sessions } from '#tokenkeep/sessions'
import { defineEventHandler, toWebRequest } from 'h3'
import { useRuntimeConfig } from 'nitropack/runtime'
import { withCookies } from '../../http/with-cookies.ts'
import type { NuxtSessionsOptions } from './module.ts'
import { setSession, writeSession } from './request-session.ts'

/** Refreshes ahead. Pages, server routes and the requests between them see the new cookies. */
export default defineEventHandler(async (event) => {
  const { basePath = '/auth' } = useRuntimeConfig().public['tokenkeep'] as NuxtSessionsOptions
  if (event.path.startsWith(`${basePath}/`)) return sessions.handler(toWebRequest(event))
  const { headers } = event
  const session = await sessions.open({ method: event.method, headers })
  setSession(event, session)
  await session.refreshAhead()
  const set = await writeSession(event)
  if (set.length > 0) {
    // h3 has a copy of Node's headers. Some code reads the copy, and some the original.
    headers.set('cookie', withCookies(headers.get('cookie') ?? '', set))
    event.node.req.headers.cookie = headers.get('cookie')!
  }
  return undefined
})
