import fc from 'fast-check'
import { expect, it } from 'vitest'
import { forget, signIn, signOut } from './protocol.ts'
import type { Grant, SessionRecord } from './record.ts'
import { advance, start, type Answer, type Effect, type Outcome, type Step } from './refresh.ts'

// Tabs walk the shipped reducer in every order fast-check thinks of, against a strict server: it knows its
// current generation, replays the child for the attempt that made it, and takes anything else for theft.

interface Server {
  generation: number
  attempts: Map<number, string>
  ended: boolean
  alarm: boolean
  rotations: number
}

interface Tab {
  step: Step
  effect: Effect
  /** An answer on its way back, computed when the server was reached. */
  answer?: Answer
}

const grant = (generation: number, sessionId = 's1'): Grant => ({
  sessionId,
  userId: 'u1',
  authToken: `at${generation}`,
  lifetime: 1000,
  refreshToken: `${sessionId}:${generation}`,
  offset: 0,
})

function serve(server: Server, refreshToken: string, attempt: string): Answer {
  const used = Number(refreshToken.split(':')[1])
  if (server.ended) return { is: 'refused', reason: 'revoked' }
  if (used === server.generation) {
    server.attempts.set(used, attempt)
    server.generation += 1
    server.rotations += 1
    return { is: 'granted', grant: grant(server.generation) }
  }
  if (server.attempts.get(used) === attempt)
    return used === server.generation - 1
      ? { is: 'granted', grant: grant(server.generation) }
      : { is: 'refused', reason: 'revoked' }
  server.alarm = true
  server.ended = true
  return { is: 'refused', reason: 'revoked' }
}

type Move = { tab: number; kind: 'run' | 'lose' | 'crash' | 'bypass' | 'fail' | 'sign-out' | 'duplicate' }

function play(
  moves: Move[],
  tabCount: number,
  fence = true,
): { server: Server; record: SessionRecord; signedOut: boolean } {
  let id = 0
  let now = 0
  const draw = (): { now: number; id: string; jitter: number } => ({ now: ++now, id: `id${++id}`, jitter: 0 })
  let record: SessionRecord | undefined
  const apply = <T>(
    transaction: (record: SessionRecord | undefined) => readonly [SessionRecord | undefined, T],
  ): T => {
    const [next, result] = transaction(record)
    record = next
    return result
  }
  apply(signIn('e1', grant(0), 'a0', 0))
  const server: Server = { generation: 0, attempts: new Map(), ended: false, alarm: false, rotations: 0 }
  let holder: number | undefined
  let signedOut = false
  const sent: { refreshToken: string; attempt: string }[] = []
  const tabs: (Tab | undefined)[] = Array.from({ length: tabCount })

  const feed = (index: number, outcome: Outcome): void => {
    const tab = tabs[index]!
    const [step, effect] = advance(tab.step, outcome, draw())
    tabs[index] = { step, effect }
    if (effect.do !== 'finish') return
    tabs[index] = undefined
    if (holder === index) holder = undefined
  }

  const move = ({ tab: index, kind }: Move): void => {
    if (kind === 'sign-out') {
      if (signedOut) return
      signedOut = true
      apply(signOut('e2', 'signed-out'))
      return
    }
    if (kind === 'duplicate') {
      const late = sent[0]
      if (late) serve(server, late.refreshToken, late.attempt)
      return
    }
    const tab = tabs[index]
    if (!tab) {
      if (record?.status !== 'in') return
      const [step, effect] = start({ epoch: record.epoch, seq: record.seq })
      tabs[index] = { step, effect }
      return
    }
    if (kind === 'crash') {
      tabs[index] = undefined
      if (holder === index) holder = undefined
      return
    }
    const { effect } = tab
    switch (effect.do) {
      case 'lock':
        if (holder === undefined) holder = index
        else if (kind !== 'bypass') return
        return feed(index, { of: 'lock' })
      case 'begin':
        return feed(index, { of: 'begin', begun: apply(effect.transaction) })
      case 'pause':
        now = Math.max(now, effect.until)
        return feed(index, { of: 'pause' })
      case 'send': {
        if (!tab.answer) {
          if (kind === 'fail')
            return feed(index, { of: 'send', answer: { is: 'failed', code: 'unreachable' } })
          sent.push({
            refreshToken: effect.job.refreshToken,
            attempt: fence ? effect.job.attempt : `x${++id}`,
          })
          tab.answer = serve(server, effect.job.refreshToken, sent.at(-1)!.attempt)
          return
        }
        const answer: Answer = kind === 'lose' ? { is: 'failed', code: 'unreachable' } : tab.answer
        return feed(index, { of: 'send', answer })
      }
      case 'settle':
        return feed(index, { of: 'settle', record: apply(effect.transaction) })
      case 'finish':
    }
  }
  for (const each of moves) move(each)
  return { server, record: record!, signedOut }
}

const walks = (tabs: number): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.record({
      tab: fc.nat({ max: tabs - 1 }),
      kind: fc.oneof(
        { weight: 12, arbitrary: fc.constant<Move['kind']>('run') },
        {
          weight: 4,
          arbitrary: fc.constantFrom<Move['kind']>(
            'lose',
            'crash',
            'bypass',
            'fail',
            'duplicate',
            'sign-out',
          ),
        },
      ),
    }),
    { maxLength: 80 },
  )

it('no order of crashes, lost answers, bypassed locks and duplicates looks like theft or ends the session', () => {
  fc.assert(
    fc.property(walks(3), (moves) => {
      const { server, record, signedOut } = play(moves, 3)
      expect(server.alarm).toBe(false)
      if (!signedOut) {
        expect(record.status).toBe('in')
        // What is stored can be refreshed: it is current, or the parent with the attempt the server knows.
        const stored = record as Extract<SessionRecord, { status: 'in' }>
        const generation = Number(stored.refreshToken!.split(':')[1])
        const good =
          generation === server.generation ||
          (generation === server.generation - 1 && server.attempts.get(generation) === stored.attempt)
        expect(good).toBe(true)
      }
    }),
    { numRuns: 20_000 },
  )
})

it('a sign-out is never undone, and says farewell to the session', () => {
  fc.assert(
    fc.property(walks(3), (moves) => {
      const { record, signedOut } = play([...moves, { tab: 0, kind: 'sign-out' }, ...moves], 3)
      expect(signedOut).toBe(true)
      expect(record).toMatchObject({ status: 'out', reason: 'signed-out', outbox: [{ sessionId: 's1' }] })
    }),
    { numRuns: 5000 },
  )
})

it('this checker can fail: without the durable attempt it finds an honest client accused of theft', () => {
  const found = fc.check(
    fc.property(walks(3), (moves) => !play(moves, 3, false).server.alarm),
    { numRuns: 20_000 },
  )
  expect(found.failed).toBe(true)
})

it('a sign-in over a live session says farewell to the old one, until the server has heard it', () => {
  const [first] = signIn('e1', grant(3), 'a0', 0)(undefined)
  const [second, record] = signIn('e2', grant(0, 's2'), 'a1', 0)(first)
  expect(record.outbox).toEqual([{ sessionId: 's1', refreshToken: 's1:3' }])
  expect(forget('s1')(second)[0]).toMatchObject({ sessionId: 's2', outbox: [] })
})
