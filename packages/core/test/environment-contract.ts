import type { View } from './view.ts'

// What the manager expects of storage, locks and hints, as two tabs see them. The same suite runs on the fakes of these
// tests, on the model of the checkers, and in a real browser, so that they stay alike. It uses no test runner, because
// the browser has none.

type Check = (one: View, other: View) => Promise<void>

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

export const storage: Record<string, Check> = {
  async 'storage: a tab reads what another tab has written'(one, other) {
    must((await one.write('a', 1)) === 1, 'the write returns the number')
    must((await other.read('a')) === 1, 'the other tab reads it')
    must((await other.read('b')) === undefined, 'another key has another record')
  },
  async 'storage: none of 100 simultaneous changes in two tabs is lost'(one, other) {
    await one.write('count', 0)
    await Promise.all([one.count('count', 50), other.count('count', 50)])
    must((await one.read('count')) === 100, 'all changes are counted')
  },
}

export const locks: Record<string, Check> = {
  async 'locks: only one tab works at a time'(one, other) {
    const log: number[] = []
    const turn = async (view: View, number: number): Promise<void> => {
      const lock = await view.lock('turns', 10_000)
      log.push(number)
      // These reads take time. A faulty lock would let another tab work in that time.
      await Promise.all([one.read('a'), other.read('a')])
      log.push(number)
      await view.unlock(lock)
    }
    await Promise.all([turn(one, 1), turn(other, 2), turn(one, 3), turn(other, 4)])
    const pairs = [0, 2, 4, 6].every((at) => log[at] === log[at + 1])
    must(log.length === 8 && pairs, `each turn ends before the next begins: ${log.join()}`)
  },
  async 'locks: a lock that is not released is bypassed after the timeout'(one, other) {
    const held = await one.lock('held', 1000)
    const passed = await other.lock('held', 50)
    await one.unlock(held)
    await other.unlock(passed)
  },
  async 'locks: an error of the work reaches the caller, and releases the lock'(one, other) {
    must((await one.fail('faulty', 'a fault of the work')) === 'a fault of the work', 'the error is the same')
    await other.unlock(await other.lock('faulty', 60_000))
  },
}

const hints: Record<string, Check> = {
  async 'hints: a message reaches other tabs, but not the sender and no closed channel'(one, other) {
    const mine = await one.listen('hints')
    const first = await other.listen('hints')
    await one.post(mine, 'first')
    await other.received(first, 1)
    await other.stop(first)
    const second = await other.listen('hints')
    await one.post(mine, 'second')
    await other.received(second, 1)
    const all = [await other.received(first, 0), await other.received(second, 0), await one.received(mine, 0)]
    const received = JSON.stringify(all)
    await Promise.all([one.stop(mine), other.stop(second)])
    must(received === '[["first"],["second"],[]]', `received ${received}`)
  },
}

export const contract: Record<string, Check> = { ...storage, ...locks, ...hints }
