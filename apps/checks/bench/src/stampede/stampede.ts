import type { Browser } from '@playwright/test'
import { startBrowser } from '../frame/browser.ts'
import { failed } from '../frame/failed.ts'
import { versionOf } from '../frame/machine.ts'
import type { Bench, Row, Table } from '../frame/report.ts'
import { median } from '../frame/rounds.ts'
import { expiry, outlives, Scene } from '../peers/scene.ts'
import { peers, type Peer } from '../peers/peers.ts'
import { peerScripts } from '../peers/scripts.ts'

const callers = 100
/** How long the endpoint takes for a refresh. Milliseconds. */
const delay = 50
const rounds = 3

interface Run {
  readonly requests: number
  readonly served: number
  /** When the last caller got its token. Milliseconds. */
  readonly ms: number
  /** 1 if the session is still alive at the next expiry, otherwise 0. */
  readonly alive: number
}

/** All callers of all tabs ask for the token at once, at the moment of expiry. */
async function stampede(
  browser: Browser,
  scripts: ReadonlyMap<string, string>,
  peer: Peer,
  tabs: number,
): Promise<Run> {
  const scene = await Scene.set(browser, scripts, peer.name)
  try {
    const open = [await scene.signIn()]
    while (open.length < tabs) {
      const tab = await scene.tab()
      await tab.token()
      open.push(tab)
    }
    scene.endpoint.requests = 0
    scene.endpoint.delay = delay
    await scene.pass(expiry)
    const since = performance.now()
    const served = await Promise.all(open.map((tab) => tab.stampede(callers)))
    const ms = performance.now() - since
    const { requests } = scene.endpoint
    const alive = await outlives(scene, open[0]!)
    return { requests, served: served.reduce((sum, one) => sum + one), ms, alive: Number(alive) }
  } finally {
    await scene.end()
  }
}

const columns = [
  { key: 'name', title: 'package' },
  { key: 'version', title: 'version' },
  { key: 'requests', title: 'requests' },
  { key: 'served', title: 'callers served' },
  { key: 'ms', title: 'last caller, ms' },
  { key: 'alive', title: 'still signed in at the next expiry' },
]

export const bench: Bench = {
  title: 'Stampede',
  method: `${callers} callers ask for the token in the same turn of the event loop, just after it has expired. The endpoint takes ${delay} ms and accepts each refresh token once.
First all callers are in one tab. Then each of eight real Chromium tabs that share a profile has as many callers. The figures are medians of ${rounds} runs, each with a new profile. The clients are set up as in *Faults*.
keycloak-js keeps its tokens per tab, and better-auth's client keeps none, so they are only in the first table.`,
  async run(tell) {
    const scripts = await peerScripts(
      peers.map(({ name }) => name),
      tell,
    )
    const browser = await startBrowser()
    const measure = async (title: string, tabs: number, asked: readonly Peer[]): Promise<Table> => {
      const rows: Row[] = []
      for (const peer of asked) {
        const named = { name: peer.title, version: versionOf(peer.package) }
        const runs: Run[] = []
        try {
          for (let round = 1; round <= rounds; round++) {
            tell(`${tabs} tabs, ${peer.title}, round ${round}`)
            runs.push(await stampede(browser, scripts, peer, tabs))
          }
        } catch (error) {
          rows.push({ ...named, requests: failed(error) })
          continue
        }
        const middle = (key: keyof Run): number => median(runs.map((run) => run[key]))
        rows.push({
          ...named,
          requests: middle('requests'),
          served: middle('served'),
          ms: middle('ms'),
          alive: middle('alive') ? 'yes' : 'no',
        })
      }
      return { title, columns, rows, chart: { column: 'requests', label: 'requests', logarithmic: true } }
    }
    const shared = peers.filter(({ name, keeps }) => keeps && name !== 'better-auth')
    const tables = [
      await measure(`One tab, ${callers} callers`, 1, peers),
      await measure(`Eight tabs, ${8 * callers} callers`, 8, shared),
    ]
    const versions = { Chromium: browser.version() }
    await browser.close()
    return { versions, tables }
  },
}
