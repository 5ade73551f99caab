import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tokenResponse } from '../../test/records.ts'
import { removeRevocation, signIn, signOut } from './sign-in.ts'
import { reconcile } from './hint.ts'
import { applyAnswer, type Answer } from './answer.ts'
import { identity, type Change, type Entropy, type Version } from './change.ts'
import type { SessionRecord, SignedInRecord } from './record.ts'
import { needsRefresh } from './refresh.ts'

// Several tabs take the steps of a refresh with the shipped rules, in random orders, against a strict server.

/** Knows the current generation, answers a known retry id with the same successor, and treats any other reuse as theft. */
interface Server {
  generation: number
  retryIds: Map<number, string>
  ended: boolean
  alarm: boolean
  rotations: number
}

interface Tab {
  /** The version that it wants refreshed. */
  expired: Version
  /** False while it waits for the lock. */
  mayWork: boolean
  /** The record that it sends a request for. Absent until it has read the record. */
  request?: SignedInRecord
  /** The server's answer, which has not arrived yet. */
  answer?: Answer
}

function serve(server: Server, refreshToken: string, retryId: string): Answer {
  const used = Number(refreshToken.split(':')[1])
  if (server.ended) return { refused: 'revoked' }
  if (used === server.generation) {
    server.retryIds.set(used, retryId)
    server.generation += 1
    server.rotations += 1
    return { issued: tokenResponse(server.generation) }
  }
  if (server.retryIds.get(used) === retryId)
    return used === server.generation - 1
      ? { issued: tokenResponse(server.generation) }
      : { refused: 'revoked' }
  server.alarm = true
  server.ended = true
  return { refused: 'revoked' }
}

/**
 * What happens next in a tab:
 * - `run`: its next step
 * - `lose`: the answer is lost
 * - `bypass`: it goes on without the lock
 * - `fail`: its request never reaches the server
 * - `duplicate`: the first request reaches the server again
 */
type Move = { tab: number; kind: 'run' | 'lose' | 'crash' | 'bypass' | 'fail' | 'sign-out' | 'duplicate' }

/** With `isDurable` false, each request carries a new retry id. */
function play(
  moves: Move[],
  tabCount: number,
  isDurable = true,
): { server: Server; record: SessionRecord; signedOut: boolean } {
  let id = 0
  let now = 0
  const entropy = (): Entropy => ({ now: ++now, id: `id${++id}`, jitter: 0 })
  let record: SessionRecord | undefined
  const apply = (change: Change): SessionRecord | undefined => (record = change(record))
  apply(signIn('e1', tokenResponse(0), 0))
  const server: Server = { generation: 0, retryIds: new Map(), ended: false, alarm: false, rotations: 0 }
  let holder: number | undefined
  let signedOut = false
  const sent: { refreshToken: string; retryId: string }[] = []
  const tabs: (Tab | undefined)[] = Array.from({ length: tabCount })

  const end = (index: number): void => {
    tabs[index] = undefined
    if (holder === index) holder = undefined
  }
  const write = (index: number, request: SignedInRecord, answer: Answer): void => {
    apply(applyAnswer(request, answer, entropy()))
    end(index)
  }

  const move = ({ tab: index, kind }: Move): void => {
    if (kind === 'sign-out') {
      if (signedOut) return
      signedOut = true
      apply(signOut('signed-out'))
      return
    }
    if (kind === 'duplicate') {
      const late = sent[0]
      if (late) serve(server, late.refreshToken, late.retryId)
      return
    }
    const tab = tabs[index]
    if (!tab) {
      if (record?.session) tabs[index] = { expired: record, mayWork: false }
      return
    }
    if (kind === 'crash') return end(index)
    if (!tab.mayWork) {
      if (holder === undefined) holder = index
      else if (kind !== 'bypass') return
      tab.mayWork = true
      return
    }
    const { request, answer } = tab
    if (!request) {
      const read = apply(identity)
      if (needsRefresh(read, tab.expired, ++now)) tab.request = read
      else end(index)
    } else if (answer) write(index, request, kind === 'lose' ? { failed: 'unreachable' } : answer)
    else if (kind === 'fail') write(index, request, { failed: 'unreachable' })
    else {
      const retryId = isDurable ? request.retryId : `x${++id}`
      sent.push({ refreshToken: request.refreshToken!, retryId })
      tab.answer = serve(server, request.refreshToken!, retryId)
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

it('in any order of crashes, lost answers, bypassed locks and duplicates, no request looks like theft or ends the session', () => {
  fc.assert(
    fc.property(walks(3), (moves) => {
      const { server, record, signedOut } = play(moves, 3)
      expect(server.alarm).toBe(false)
      if (!signedOut) {
        // The stored token can be refreshed: it is the current one, or its predecessor with the retry id that the server knows.
        const stored = record as SignedInRecord
        const generation = Number(stored.refreshToken!.split(':')[1])
        const good =
          generation === server.generation ||
          (generation === server.generation - 1 && server.retryIds.get(generation) === stored.retryId)
        expect(good).toBe(true)
      }
    }),
    { numRuns: 20_000 },
  )
})

it('a sign-out is never undone, and leaves a pending revocation', () => {
  fc.assert(
    fc.property(walks(3), (moves) => {
      const { record, signedOut } = play([...moves, { tab: 0, kind: 'sign-out' }, ...moves], 3)
      expect(signedOut).toBe(true)
      expect(record).toMatchObject({ reason: 'signed-out', pendingRevocations: [{ sessionId: 's1' }] })
    }),
    { numRuns: 5000 },
  )
})

it('without a durable retry id, the same walks find requests that look like theft', () => {
  const found = fc.check(
    fc.property(walks(3), (moves) => !play(moves, 3, false).server.alarm),
    { numRuns: 20_000 },
  )
  expect(found.failed).toBe(true)
})

it('a sign-in over another session leaves a pending revocation of that session, until it is removed', () => {
  const first = signIn('e1', tokenResponse(3), 0)(undefined)
  const second = signIn('e2', tokenResponse(0, 's2'), 0)(first)
  expect(second.pendingRevocations).toMatchObject([{ sessionId: 's1', refreshToken: 's1:3' }])
  expect(removeRevocation('s1')(second)).toMatchObject({ session: { id: 's2' }, pendingRevocations: [] })
})

it('reconcile() keeps a newer pair and a sign-out that only the tab knows, but nothing of another epoch', () => {
  const stored = signIn('e1', tokenResponse(3), 0)(undefined)
  const ahead = { ...stored, generation: 1, token: 'newer' }
  expect(reconcile(ahead, stored)).toEqual(ahead)
  expect(reconcile(stored, ahead)).toBe(ahead)
  expect(reconcile(signOut('signed-out')(ahead), stored)).toMatchObject({
    reason: 'signed-out',
    pendingRevocations: [{ sessionId: 's1' }],
  })
  const other = signIn('e3', tokenResponse(0, 's2'), 0)(undefined)
  expect(reconcile(ahead, other)).toBe(other)
  expect(reconcile(signOut('signed-out')(ahead), other)).toBe(other)
  expect(reconcile(ahead, undefined)).toBeUndefined()
})

it('a sign-out that is known only by its hint makes a whole record, so that its revocations can be read', () => {
  const hints = [{ epoch: 'e1' }, { epoch: 'e1', reason: 'signed-out' }] as unknown as SessionRecord[]
  for (const hint of hints)
    expect(removeRevocation('any')(signOut('signed-out')(hint))).toEqual({
      v: 1,
      epoch: 'e1',
      reason: 'signed-out',
      pendingRevocations: [],
    })
})
