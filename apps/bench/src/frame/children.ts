import type { ChildProcess } from 'node:child_process'

/** What was started for a bench ends with it, also where a signal or an error has cut the bench short. */
export function endsWithUs(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}
