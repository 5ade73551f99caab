import { join } from 'node:path'
import { install, start, stop, useOf } from './processes.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { at, openSessions, refreshAsFast } from './refreshes.ts'

export interface ThroughputOptions {
  readonly seconds: number
  readonly live: number
  /** Measures a bare server that does only the necessary work of a refresh. */
  readonly floor: boolean
  /** Writes a CPU profile of the server to the current folder. */
  readonly profile: boolean
}

const CONNECTIONS = 16

/** Sends refreshes as fast as the server answers them. Returns why a figure is too bad, if one is. */
export async function throughput(options: ThroughputOptions): Promise<string | undefined> {
  const { seconds, live, floor, profile } = options
  const installation = await install()
  const port = await freePort()
  let server = await start(installation.serving(port), port)
  try {
    const tokens = await openSessions(port, await installation.createKey(), live)
    // Restart, so that opening the sessions is not measured.
    await stop(server)
    const bare = [join(import.meta.dirname, 'floor.ts'), installation.folder, String(port), 'load']
    const name = floor ? 'floor' : 'server'
    const profiled = profile ? ['--cpu-prof', `--cpu-prof-name=${name}.cpuprofile`] : []
    server = await start(floor ? bare : installation.serving(port), port, profiled)
    console.log(`${tokens.length} live sessions, ${CONNECTIONS} connections, ${seconds} s`)

    const memory: number[] = []
    const watch = setInterval(() => void useOf(server).then((use) => memory.push(use.memory)), 1000)
    const before = await useOf(server)
    const started = performance.now()
    const until = started + seconds * 1000
    const latencies = await refreshAsFast(port, tokens, CONNECTIONS, () => performance.now() < until)
    clearInterval(watch)
    const after = await useOf(server)

    const elapsed = (performance.now() - started) / 1000
    const perRefresh = ((after.cpu - before.cpu) / latencies.length) * 1e6
    const [p50, p99] = [0.5, 0.99].map((share) => `${at(latencies, share).toFixed(2)} ms`)
    console.log(
      `${Math.round(latencies.length / elapsed)} refreshes/s, ${perRefresh.toFixed(0)} µs CPU per refresh, p50 ${p50}, p99 ${p99}`,
    )
    const mean = (values: number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length / 2 ** 20
    const third = Math.floor(memory.length / 3)
    const [early, late] = [mean(memory.slice(third, 2 * third)), mean(memory.slice(2 * third))]
    console.log(`memory: ${early.toFixed(0)} MiB in the second third, ${late.toFixed(0)} MiB in the last`)
    return late > early * 1.2 && !floor ? 'the memory of the server grows by more than 20%' : undefined
  } finally {
    await stop(server)
    installation.remove()
  }
}
