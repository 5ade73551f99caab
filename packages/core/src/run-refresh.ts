import type { Environment } from './environment.ts'
import type { SignedInRecord } from './record.ts'
import { advance, bounds, start, type Answer, type Draw, type Effect, type Outcome } from './refresh.ts'
import type { Store } from './store.ts'
import { deadline, type Transport } from './transport.ts'

type Finish = Extract<Effect, { do: 'finish' }>

/** Performs one refresh's effects, one after the other, under the lock. What it returns is for after the lock. */
export async function runRefresh<Result>({
  env,
  store,
  transport,
  name,
  seen,
  background,
  stopped,
}: {
  env: Environment
  store: Store
  transport: Transport<Result>
  name: string
  seen: SignedInRecord
  background: boolean
  stopped: AbortController
}): Promise<Finish> {
  const draw = (): Draw => ({ now: env.now(), id: env.id(), jitter: env.jitter() })
  const send = deadline(env, bounds.request, stopped.signal)

  const ask = async ({ job }: Extract<Effect, { do: 'send' }>): Promise<Answer> => {
    try {
      const { refreshToken, attempt, lastAttempt } = job
      return await transport.refresh(
        { refreshToken, attempt, ...(lastAttempt && { lastAttempt }), background },
        send,
        env.now,
      )
    } catch {
      // Offline, refused, cut off, too late: all the same to a session.
      return { is: 'failed', code: 'unreachable' }
    }
  }

  const perform = async (effect: Exclude<Effect, Finish | { do: 'lock' }>): Promise<Outcome> => {
    switch (effect.do) {
      case 'begin':
        return { of: 'begin', begun: await store.transact(transport.key, effect.transaction) }
      case 'pause':
        await new Promise<void>((resolve) => env.after(effect.until - env.now(), resolve))
        return { of: 'pause' }
      case 'send':
        return { of: 'send', answer: await ask(effect) }
      case 'settle':
        return { of: 'settle', record: await store.transact(transport.key, effect.transaction) }
    }
  }

  let [step, effect] = start(seen)
  await env.lock(name, bounds.lock, async (lock) => {
    let outcome: Outcome = { of: 'lock', lock }
    for (;;) {
      ;[step, effect] = advance(step, outcome, draw())
      if (effect.do === 'finish' || effect.do === 'lock') return
      outcome = await perform(effect)
    }
  })
  return effect as Finish
}
