import { readdirSync, readFileSync } from 'node:fs'

/** One tick of the kernel's CPU accounting, which is 1/100 s in Linux on every platform. Microseconds. */
const tick = 10_000

interface Stat {
  readonly parent: number
  /** CPU time of the process itself. Microseconds. */
  readonly own: number
  /** CPU time of its children that have ended. Microseconds. */
  readonly ended: number
}

function statOf(pid: number): Stat {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return {
    parent: fields[1]!,
    own: (fields[11]! + fields[12]!) * tick,
    ended: (fields[13]! + fields[14]!) * tick,
  }
}

/** Returns the CPU time that a process has used so far. Microseconds. */
export const cpuOf = (pid: number): number => statOf(pid).own

/** Returns the CPU time of a process and all its children, such as those of PostgreSQL. Microseconds. */
export function cpuOfFamily(pid: number): number {
  const { own, ended } = statOf(pid)
  let sum = own + ended
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const child = statOf(Number(name))
      if (child.parent === pid) sum += child.own
    } catch {
      // It has just ended, so its parent counts it.
    }
  }
  return sum
}
