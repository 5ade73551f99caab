import type { Context } from './context.ts'
import { heal } from './protocol.ts'
import type { SignedInRecord } from './record.ts'
import { advance, bounds, start, type Answer, type Draw, type Effect, type Outcome } from './refresh.ts'

type Finish = Extract<Effect, { do: 'finish' }>

/** Performs one refresh's effects, one after the other, under the lock. What it returns is for after the lock. */
export async function runRefresh(
  { env, store, transport, send }: Context,
  seen: SignedInRecord,
  background: boolean,
): Promise<Finish> {
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
      case 'begin':
        return {
          of: 'begin',
          // Normally heals nothing; after a failed write it brings the storage up to date first.
          begun: await store.transact(transport.key, (record) => effect.transaction(heal(seen)(record)[0])),
        }
      case 'pause':
        await new Promise<void>((resolve) => env.after(effect.until - env.now(), resolve))
        return { of: 'pause' }
      case 'send':
        return { of: 'send', answer: await ask(effect) }
      case 'settle':
        try {
          return { of: 'settle', record: await store.transact(transport.key, effect.transaction) }
        } catch (error) {
          // A grant that can't be kept still serves this tab; the attempt in storage brings it to the others.
          const [, record] = effect.transaction(step.job)
          if (record?.status !== 'in' || step.cause) throw error
          return { of: 'settle', record }
        }
    }
  }

  let [step, effect] = start(seen)
  await env.lock(`tokenkeep:${transport.key}`, bounds.lock, async (lock) => {
    let outcome: Outcome = { of: 'lock', lock }
    for (;;) {
      ;[step, effect] = advance(step, outcome, draw())
      if (effect.do === 'finish' || effect.do === 'lock') return
      outcome = await perform(effect)
    }
  })
  return effect as Finish
}
