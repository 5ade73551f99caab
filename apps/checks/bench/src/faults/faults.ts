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
  /** How long a used refresh token still gets its successor. Milliseconds. */
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
  method: `A client has a token that lives for one hour, and sleeps for two hours. Then somebody asks for the token while there is a fault, and again after the fault is gone.
Each cell is measured in real Chromium, with a profile of its own and a server of its own. The clocks of the pages and of the server are moved together.
✓ still signed in · ↻ signed in only after a reload · ✗ signed out. The number counts the refreshes that reached the server.

- 429 and 500 come with \`Retry-After: 1\`. *HTML* is the page of a captive portal, with status 200. A *lost answer* is lost once: the server has rotated the token, and the connection breaks. With *10 s grace*,
  a used refresh token still gets its successor for ten seconds. With *no grace*, the server treats a used refresh token as stolen (RFC 9700, 4.14.2).
  Tokenkeep's own dialect sends a retry id, by which the server recognizes the request. Plain OAuth has no retry id.
- *Two tabs*: both ask at the moment of expiry. ✓ means that both get a token and that the session is still alive at the next expiry.
- *No grace* is the strictest server. For providers that have a grace period, the other column applies.
- *Sign-out offline*: the client signs out as documented, and the tab is closed. Then the network is back and the page is opened again. *Revoked later*: the user is signed out, and then the server is told. *Never revoked*: the user is signed out,
  but the session stays alive at the server. *Still signed in*: anyone who opens the page is signed in. Some clients navigate to a page of the server, and as long as the tab is open, Chromium would
  load that page again by itself. The bench prevents that, because the client does not do it.
- Each client is set up as its documentation says (\`src/peers/\`), with storage that tabs share if it has one. keycloak-js keeps its tokens in
  memory: another tab or page gets its own tokens by the server's cookie, which this bench does not have. better-auth's client keeps no token: its row is for \`getSession()\`, with a session cookie that is not rotated.`,
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
