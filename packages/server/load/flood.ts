import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { operations } from '../src/http/openapi/all.ts'
import { formatId, newId } from '../src/store/ids.ts'
import { install, start, stop } from './processes.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'
import { at, openSessions, refreshAsFast } from './refreshes.ts'

const CONNECTIONS = 16
/** Refreshes may take this much longer during a flood. */
const LIMIT = 2

/** Bodies that reach the work of a route. The others get an empty object. */
const BODIES: Readonly<Record<string, object>> = {
  '/v1/apps/:app/tokens': { refresh_token: 'A'.repeat(120) },
  '/v1/apps/:app/register/webauthn/start': { identifier: 'stranger' },
}
const FORM = 'content-type: application/x-www-form-urlencoded\r\n'
const FORM_BODY = `grant_type=refresh_token&client_id=load&token=x&refresh_token=${'A'.repeat(120)}`

/** Every route as somebody without a key sends it: method, path, body and headers. */
function strangersRequests(): [string, string, string, string][] {
  const routes = operations.map(({ method, path, query, form }): [string, string, string, string] => {
    const named = path.replace(':app', 'load').replaceAll(/:\w+/g, () => formatId(newId()))
    const asked = query && 'identifier' in query.shape ? `${named}?identifier=stranger` : named
    const body = method === 'get' ? '' : form ? FORM_BODY : JSON.stringify(BODIES[path] ?? {})
    return [method.toUpperCase(), asked, body, form ? FORM : '']
  })
  return [
    ...routes,
    ['GET', '/console/', '', ''],
    ['GET', '/nowhere', '', ''],
    ['OPTIONS', '/v1/apps/load/tokens', '', ''],
  ]
}

interface Figures {
  readonly p50: number
  readonly p99: number
}
const figures = (latencies: readonly number[]): Figures => ({
  p50: at(latencies, 0.5),
  p99: at(latencies, 0.99),
})
const shown = ({ p50, p99 }: Figures): string => `${p50.toFixed(2).padStart(7)} ${p99.toFixed(2).padStart(7)}`

/**
 * Measures refreshes over 16 connections, for each route: first quiet, and then while a stranger's 16 connections send that
 * route's request as fast as it is answered. Returns which routes slow refreshes down, if any do.
 */
export async function flood(seconds: number): Promise<string | undefined> {
  const installation = await install()
  const port = await freePort()
  const server = await start(installation.serving(port), port)
  const stranger = spawn(
    process.execPath,
    ['--conditions=source', join(import.meta.dirname, 'stranger.ts'), String(port), String(CONNECTIONS)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  try {
    const tokens = await openSessions(port, await installation.createKey(), 2000)
    const counts = createInterface(stranger.stdout)
    const refreshFor = async (s: number): Promise<Figures> => {
      const until = performance.now() + s * 1000
      return figures(await refreshAsFast(port, tokens, CONNECTIONS, () => performance.now() < until))
    }
    await refreshFor(3)
    console.log(
      'refreshes: quiet p50, p99; flooded p50, p99 (ms); ratios of the two; requests of the stranger per second',
    )
    const slow: string[] = []
    for (const request of strangersRequests()) {
      const quiet = await refreshFor(seconds)
      stranger.stdin.write(`${JSON.stringify(request)}\n`)
      const flooded = await refreshFor(seconds)
      stranger.stdin.write('\n')
      const [answered] = (await once(counts, 'line')) as [string]
      const name = `${request[0]} ${request[1]}`
      const ratios = [flooded.p50 / quiet.p50, flooded.p99 / quiet.p99]
      console.log(
        `${shown(quiet)} ${shown(flooded)}  ${ratios.map((ratio) => ratio.toFixed(1)).join(' ')}  ${String(Math.round(Number(answered) / seconds)).padStart(6)}  ${name}`,
      )
      if (Math.max(...ratios) > LIMIT) slow.push(name)
    }
    return slow.length > 0
      ? `refreshes are more than ${LIMIT} times slower during: ${slow.join(', ')}`
      : undefined
  } finally {
    stranger.kill()
    await stop(server)
    installation.remove()
  }
}
