import type { Context } from './context.ts'
import { heal } from './protocol.ts'
import type { SignedInRecord } from './record.ts'
import { advance, bounds, start, type Answer, type Draw, type Effect, type Outcome } from './refresh.ts'

type Finish = Extract<Effect, { do: 'finish' }>

/**
 * Performs one refresh's effects, one after the other, under the lock. What it returns is for after the lock.
 * Storage may fail, or hang where a frozen tab holds it: then what this tab remembers serves instead, as long as it
 * is in storage too (`durable`), for then it names the retry id that every other tab would send.
 */
export async function runRefresh(
  { env, store, transport, send }: Context,
  seen: SignedInRecord,
  durable: boolean,
  background: boolean,
): Promise<Finish & { readonly durable: boolean }> {
  const draw = (): Draw => ({ now: env.now(), id: env.id(), jitter: env.jitter() })

  const ask = async ({ job }: Extract<Effect, { do: 'send' }>): Promise<Answer> => {
    try {
      const { refreshToken, attempt, lastAttempt } = job
      return await transport.refresh({ refreshToken, attempt, lastAttempt, background }, send, env.now)
    } catch {
      // Offline, refused, cut off, too late: all the same to a session.
      return { is: 'failed', code: 'unreachable' }
    }
  }

  const perform = async (effect: Exclude<Effect, Finish | { do: 'lock' }>): Promise<Outcome> => {
    switch (effect.do) {
      case 'begin': {
        const transaction: typeof effect.transaction = (record) => effect.transaction(heal(seen)(record)[0])
        try {
          const begun = await store.transact(transport.key, transaction)
          durable = true
          return { of: 'begin', begun }
        } catch (error) {
          if (!durable) throw error
          return { of: 'begin', begun: transaction(seen)[1] }
        }
      }
      case 'pause':
        await new Promise<void>((resolve) => env.after(effect.until - env.now(), resolve))
        return { of: 'pause' }
      case 'send':
        return { of: 'send', answer: await ask(effect) }
      case 'settle':
        try {
          return { of: 'settle', record: await store.transact(transport.key, effect.transaction) }
        } catch {
          // What can't be kept still serves this tab: the storage is brought up to date before the next refresh.
          durable = false
          return { of: 'settle', record: effect.transaction(step.job)[1] }
        }
    }
  }

  let [step, effect] = start(seen)
  await env.lock(`tokenkeep:${transport.key}`, bounds.lock, async () => {
    let outcome: Outcome = { of: 'lock' }
    for (;;) {
      ;[step, effect] = advance(step, outcome, draw())
      if (effect.do === 'finish' || effect.do === 'lock') return
      outcome = await perform(effect)
    }
  })
  return { ...(effect as Finish), durable }
}
