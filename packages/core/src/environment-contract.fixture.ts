import type { Environment } from './environment.ts'
import type { SessionRecord } from './record.ts'
import type { Store } from './store.ts'

// What the manager relies on of storage, locks and hints. One suite, for the fakes of the tests and for a real
// browser, so that the fakes cannot drift. Plain checks that throw: it also runs where there is no test runner.

/** Two tabs' views of one world. */
export interface World {
  readonly stores: readonly [Store, Store]
  readonly environments: readonly [Environment, Environment]
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}
const record = (seq: number) => ({ v: 1, epoch: 'e', seq, outbox: [] }) as unknown as SessionRecord
const same = (before: SessionRecord | undefined) => before
const tick = ({ after }: Environment, ms = 20): Promise<void> => new Promise((resolve) => after(ms, resolve))

export const contract: Record<string, (world: World) => Promise<void>> = {
  async 'storage: what one tab writes the other reads'({ stores: [one, other] }) {
    must((await one.update('a', () => record(1)))?.seq === 1, 'the change is returned')
    must((await other.update('a', same))?.seq === 1, 'and read by the other')
    must((await other.update('b', same)) === undefined, 'another key is another record')
  },
  async 'storage: 100 changes at once in two tabs, none lost'({ stores }) {
    await stores[0].update('count', () => record(0))
    const more = (before: SessionRecord | undefined) => record(before!.seq! + 1)
    await Promise.all(Array.from({ length: 100 }, (_, index) => stores[index % 2]!.update('count', more)))
    must((await stores[0].update('count', same))?.seq === 100, 'all are counted')
  },
  async 'locks: one at a time, in turn'({ environments }) {
    const log: number[] = []
    await Promise.all(
      [0, 1, 2, 3].map((turn) =>
        environments[turn % 2]!.lock('turns', 10_000, async () => {
          log.push(turn)
          await tick(environments[0], 5)
          log.push(turn)
        }),
      ),
    )
    must(log.join() === '0,0,1,1,2,2,3,3', `each ends before the next begins: ${log.join()}`)
  },
  async 'locks: one that is not let go is passed by, after the wait'({ environments: [one, other] }) {
    let release = (): void => {}
    let holding: Promise<void> | undefined
    await new Promise<void>((begun) => {
      holding = one.lock('held', 1000, () => {
        begun()
        return new Promise((resolve) => (release = resolve))
      })
    })
    let passed = false
    await other.lock('held', 50, async () => void (passed = true))
    must(passed, 'the work is done without it')
    release()
    await holding
  },
  async 'locks: an error of the work is the caller’s, and lets go'({ environments: [one, other] }) {
    const fault = new Error('a fault of the work')
    const caught = await one
      .lock('faulty', 1000, () => Promise.reject(fault))
      .catch((error: unknown) => error)
    must(caught === fault, 'it is the same error')
    let after = false
    await other.lock('faulty', 1000, async () => void (after = true))
    must(after, 'the next one gets it')
  },
  async 'hints: heard by the other tab, not by one’s own, and no more after the signal'({
    environments: [one, other],
  }) {
    const heard: unknown[] = []
    const mine: unknown[] = []
    const [stopping, staying] = [new AbortController(), new AbortController()]
    const post = one.channel('hints', (message) => mine.push(message), staying.signal)!
    other.channel('hints', (message) => heard.push(message), stopping.signal)
    post({ epoch: 'e', seq: 1 })
    while (!heard.length) await tick(one)
    stopping.abort()
    post({ epoch: 'e', seq: 2 })
    await tick(one, 100)
    staying.abort()
    must(JSON.stringify(heard) === '[{"epoch":"e","seq":1}]', `heard ${JSON.stringify(heard)}`)
    must(mine.length === 0, 'nobody hears itself')
  },
}
