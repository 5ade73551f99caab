import type { TokenManager } from '@tokenkeep/core'

/** Calls sent at once, and their results. */
export interface Round {
  readonly outcomes: readonly ('waiting' | 'ok' | 'failed')[]
  /** How often the session was refreshed during the calls. */
  readonly refreshes: number
  /** Milliseconds until the last response. */
  readonly took?: number
}

/** Makes `count` calls at once, and reports after each response. A call that rejects counts as failed. */
export const sendTogether = async (
  auth: Pick<TokenManager, 'get' | 'subscribe'>,
  count: number,
  call: () => Promise<unknown>,
  report: (round: Round) => void,
): Promise<void> => {
  let round: Round = { outcomes: Array.from({ length: count }, () => 'waiting'), refreshes: 0 }
  const tell = (change: Partial<Round>) => report((round = { ...round, ...change }))
  const stop = auth.subscribe(({ status }) => {
    if (status === 'refreshing') tell({ refreshes: round.refreshes + 1 })
  })
  const since = performance.now()
  tell({})
  await Promise.all(
    round.outcomes.map(async (_, index) => {
      const outcome = await call().then(
        () => 'ok' as const,
        () => 'failed' as const,
      )
      tell({ outcomes: round.outcomes.with(index, outcome) })
    }),
  )
  stop()
  tell({ took: Math.round(performance.now() - since) })
}
