import { createAuthToken } from '@tokenkeep/vue'
import type { H3Event } from 'h3'
import { defineNuxtPlugin, useRequestEvent, useRuntimeConfig, useState } from 'nuxt/app'
import { createAppSession } from '../../browser/index.ts'
import type { SessionSnapshot } from '../../session/state.ts'
import type { NuxtSessionsOptions } from './module.ts'
import { isShared } from './request-session.ts'

/** Creates the token manager of a page. The server's state comes with the payload. */
export default defineNuxtPlugin(({ vueApp }) => {
  const options = useRuntimeConfig().public['tokenkeep'] as NuxtSessionsOptions
  const event = useRequestEvent()
  const snapshot = useState('tokenkeep', () => event && snapshotOf(event))
  const manager = createAppSession({ ...options, snapshot: snapshot.value })
  vueApp.use(createAuthToken({ manager }))
  return { provide: { tokenkeep: manager } }
})

/** Returns what this page shows of the session. A page for everybody shows nothing: its browser asks. */
function snapshotOf(event: H3Event): SessionSnapshot | undefined {
  if (isShared(event)) return undefined
  const { res } = event.node
  res.appendHeader('vary', 'Cookie')
  if (!res.hasHeader('cache-control')) res.setHeader('cache-control', 'private, no-cache')
  return event.context.session.snapshot()
}
