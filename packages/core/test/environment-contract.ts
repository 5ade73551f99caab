import type { View } from './view.ts'

// What the manager relies on of storage, locks and hints, as two tabs see them. One suite, for the fakes of the tests,
// for the model that the checkers walk, and for a real browser, so that none can drift from another. Plain checks that
// throw: it also runs where there is no test runner.

type Check = (one: View, other: View) => Promise<void>

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

export const storage: Record<string, Check> = {
  async 'storage: what one tab writes the other reads'(one, other) {
    must((await one.write('a', 1)) === 1, 'the change is returned')
    must((await other.read('a')) === 1, 'and read by the other')
    must((await other.read('b')) === undefined, 'another key is another record')
  },
  async 'storage: 100 changes at once in two tabs, none lost'(one, other) {
    await one.write('count', 0)
    await Promise.all([one.count('count', 50), other.count('count', 50)])
    must((await one.read('count')) === 100, 'all are counted')
  },
}

export const locks: Record<string, Check> = {
  async 'locks: one at a time'(one, other) {
    const log: number[] = []
    const turn = async (view: View, number: number): Promise<void> => {
      const lock = await view.lock('turns', 10_000)
      log.push(number)
      // Each view is asked something in between: time enough for whoever is not kept out.
      await Promise.all([one.read('a'), other.read('a')])
      log.push(number)
      await view.unlock(lock)
    }
    await Promise.all([turn(one, 1), turn(other, 2), turn(one, 3), turn(other, 4)])
    const pairs = [0, 2, 4, 6].every((at) => log[at] === log[at + 1])
    must(log.length === 8 && pairs, `each ends before the next begins: ${log.join()}`)
  },
  async 'locks: one that is not let go is passed by, after the wait'(one, other) {
    const held = await one.lock('held', 1000)
    const passed = await other.lock('held', 50)
    await one.unlock(held)
    await other.unlock(passed)
  },
  async 'locks: an error of the work is the caller’s, and lets go'(one, other) {
    must((await one.fail('faulty', 'a fault of the work')) === 'a fault of the work', 'it is the same error')
    await other.unlock(await other.lock('faulty', 60_000))
  },
}

const hints: Record<string, Check> = {
  async 'hints: heard by the other tab, not by one’s own, and no more after the end'(one, other) {
    const mine = await one.listen('hints')
    const first = await other.listen('hints')
    await one.post(mine, 'first')
    await other.heard(first, 1)
    await other.stop(first)
    const second = await other.listen('hints')
    await one.post(mine, 'second')
    await other.heard(second, 1)
    const all = [await other.heard(first, 0), await other.heard(second, 0), await one.heard(mine, 0)]
    const heard = JSON.stringify(all)
    await Promise.all([one.stop(mine), other.stop(second)])
    must(heard === '[["first"],["second"],[]]', `heard ${heard}`)
  },
}

export const contract: Record<string, Check> = { ...storage, ...locks, ...hints }
