import { inject, makeStateKey, REQUEST_CONTEXT, TransferState } from '@angular/core'
import type { ServerAnswer } from '@tokenkeep/sample'
import type { SessionContext } from '@tokenkeep/ssr/angular'

/** What `server.ts` gives to the page. The browser has none of it. */
export interface PageContext extends SessionContext {
  readonly answer: ServerAnswer
}

const ANSWER = makeStateKey<ServerAnswer>('answer')

/** Returns what the API answered to the server. The answer comes with the page. */
export const injectAnswer = (): ServerAnswer => {
  const transferred = inject(TransferState)
  const context = inject(REQUEST_CONTEXT, { optional: true }) as PageContext | null
  if (context) transferred.set(ANSWER, context.answer)
  return transferred.get(ANSWER, { answer: 'not asked', at: '' })
}
