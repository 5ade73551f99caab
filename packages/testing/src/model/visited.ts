import { covers } from './budget.ts'

/**
 * The set of visited states, each with the budgets it was visited with. An entry has twelve bytes: 64 bits of the hash of
 * the state's key, and the budgets. For ten million states, the probability that two of them share a hash, so that one is
 * missed, is 1 in 370,000.
 */
export class Visited {
  /** An open-addressing hash table. An entry has three words: two of the hash, the first never 0, and one of the budgets. */
  #table = new Uint32Array(3 * 2 ** 16)
  #size = 0

  /** Adds a state. Returns false if it was visited with these budgets or larger ones. */
  add(key: string, budgets: number): boolean {
    let one = 0x9e3779b9
    let other = 0x85ebca6b
    for (let index = 0; index < key.length; index++) {
      const code = key.charCodeAt(index)
      one = Math.imul(one ^ code, 0x01000193)
      other = Math.imul(other ^ code, 0x5bd1e995)
      other ^= other >>> 15
    }
    one = (one ^ (one >>> 15) ^ other) >>> 0 || 1
    other >>>= 0
    const table = this.#table
    let at = this.#start(one)
    for (; table[at] !== 0; at = at + 3 === table.length ? 0 : at + 3)
      if (table[at] === one && table[at + 1] === other && covers(table[at + 2]!, budgets)) return false
    this.#put(at, one, other, budgets)
    this.#size += 1
    if (this.#size > table.length / 6) this.#grow()
    return true
  }

  #start(one: number): number {
    return 3 * (Math.imul(one, 0x9e3779b1) >>> (32 - Math.log2(this.#table.length / 3)))
  }

  #put(at: number, one: number, other: number, budgets: number): void {
    this.#table[at] = one
    this.#table[at + 1] = other
    this.#table[at + 2] = budgets
  }

  #grow(): void {
    const old = this.#table
    this.#table = new Uint32Array(old.length * 2)
    for (let from = 0; from < old.length; from += 3) {
      if (old[from] === 0) continue
      let at = this.#start(old[from]!)
      while (this.#table[at] !== 0) at = at + 3 === this.#table.length ? 0 : at + 3
      this.#put(at, old[from]!, old[from + 1]!, old[from + 2]!)
    }
  }
}
