import { startBrowser } from '../frame/browser.ts'
import { failed } from '../frame/failed.ts'
import { versionOf } from '../frame/machine.ts'
import { pool } from '../frame/pool.ts'
import type { Bench, Row } from '../frame/report.ts'
import { peers, type Peer } from '../peers/peers.ts'
import { peerScripts } from '../peers/scripts.ts'
import { Scene } from '../peers/scene.ts'
import { failing, secondTab, signOutOffline, type Outcome } from './trials.ts'

interface Trial {
  readonly key: string
  readonly title: string
  /** Milliseconds for which a used refresh token still gets its successor. */
  readonly grace?: number
  run(scene: Scene, peer: Peer): Promise<Outcome | string>
}

const twoTabs = async (scene: Scene, { keeps }: Peer): Promise<Outcome | string> =>
  keeps ? secondTab(scene) : 'tokens per tab'

const trials: readonly Trial[] = [
  { key: 'offline', title: 'offline', run: (scene, { keeps }) => failing(scene, 'offline', keeps) },
  { key: '429', title: '429', run: (scene, { keeps }) => failing(scene, '429', keeps) },
  { key: '500', title: '500', run: (scene, { keeps }) => failing(scene, '500', keeps) },
  { key: 'html', title: 'HTML', run: (scene, { keeps }) => failing(scene, 'html', keeps) },
  {
    key: 'lost',
    title: 'lost answer, 10 s grace',
    grace: 10_000,
    run: (scene, { keeps }) => failing(scene, 'lost', keeps),
  },
  { key: 'strict', title: 'lost answer, no grace', run: (scene, { keeps }) => failing(scene, 'lost', keeps) },
  { key: 'tabs', title: 'two tabs, 10 s grace', grace: 10_000, run: twoTabs },
  { key: 'strict-tabs', title: 'two tabs, no grace', run: twoTabs },
  { key: 'out', title: 'sign-out offline', run: signOutOffline },
]

const marks = { kept: '✓', 'after a reload': '↻', lost: '✗' }
const mark = (outcome: Outcome | string): string =>
  typeof outcome === 'string' ? outcome : `${marks[outcome.verdict]} ${outcome.requests}`

export const bench: Bench = {
  title: 'Faults',
  method: `One client, one hour-long token, two hours asleep: then somebody asks for the token while something is wrong, and again when all is well.
Real Chromium, a profile and a server of its own for every cell; page clocks and server clock are moved together.
✓ still signed in · ↻ signed in after a reload only · ✗ signed out; the number counts the refreshes that reached the server.

- 429 and 500 come with \`Retry-After: 1\`; HTML is a captive portal's 200. A *lost answer* is lost once: the server has rotated, the connection breaks. Then *10 s grace* means that
  the parent still gets its child for ten seconds, and *no grace* a server that takes a used refresh token for a stolen one (RFC 9700, 4.14.2).
  Tokenkeep's own dialect sends a retry id, by which the server knows its child; over plain OAuth no client has one.
- *Two tabs*: both ask at the moment of expiry; ✓ means that both are served and the session outlives the next expiry.
- *No grace* is the hardest server there is. Some providers give a grace, or can be told to: with those, their clients see the other column.
- *Sign-out offline*: the documented sign-out, and the tab is closed; then the network is back and the page is opened again. *Told later*: signed out, and then the server hears of it; *never told*: signed out,
  and the session lives on at the server; *still in*: whoever opens the page is signed in. Some clients leave for the server's own page, which Chromium would try again by itself
  for as long as the tab is open: that is off, as it is not the client's.
- Each peer is set up as its documentation says (\`src/peers/\`), with storage that tabs share where it has one. keycloak-js keeps its tokens in
  memory: another tab or page gets its own from the server's cookie, which is not part of this. better-auth's client keeps no token: its row is of \`getSession()\`, with a session cookie that does not rotate.`,
  async run(tell) {
    const scripts = await peerScripts(
      peers.map(({ name }) => name),
      tell,
    )
    const browser = await startBrowser()
    let done = 0
    const cells = peers.flatMap((peer) => trials.map((trial) => ({ peer, trial })))
    const texts = await pool(cells, 12, async ({ peer, trial }) => {
      const scene = await Scene.set(browser, scripts, peer.name, trial.grace)
      try {
        return mark(await trial.run(scene, peer))
      } catch (error) {
        return failed(error)
      } finally {
        await scene.end()
        tell(`${++done} of ${cells.length}: ${peer.title}, ${trial.title}`)
      }
    })
    const version = browser.version()
    await browser.close()
    const rows = peers.map((peer): Row => {
      const own = cells.flatMap((cell, index) =>
        cell.peer === peer ? [[cell.trial.key, texts[index]!]] : [],
      )
      return { name: peer.title, version: versionOf(peer.package), ...Object.fromEntries(own) }
    })
    return {
      versions: { Chromium: version },
      tables: [
        {
          title: 'Still signed in?',
          columns: [
            { key: 'name', title: 'package' },
            { key: 'version', title: 'version' },
            ...trials.map(({ key, title }) => ({ key, title })),
          ],
          rows,
        },
      ],
    }
  },
}
