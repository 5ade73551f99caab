import { chromium, type BrowserContext } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Endpoint } from '../endpoint/endpoint.ts'
import { launchOptions, profile, routeAuthority, startBrowser } from '../frame/browser.ts'
import { failed } from '../frame/failed.ts'
import { versionOf } from '../frame/machine.ts'
import type { Bench, Tell } from '../frame/report.ts'
import { median } from '../frame/rounds.ts'
import { peers as all } from '../peers/peers.ts'
import { peerScripts } from '../peers/scripts.ts'
import { Tab } from '../peers/tab.ts'

const floor = 'indexed-db'
const peers = all.filter(({ name, keeps }) => keeps && name !== 'better-auth')
const names = [floor, ...peers.map(({ name }) => name)]
const rounds = 15
const coldRounds = 3
const tabs = 8

/** Milliseconds of each measurement, by the name of the client; or why it failed. */
type Times = Map<string, number[] | string>

/** Measures one client after the other, round after round, so that other work of the machine affects all of them alike. */
async function inTurns(
  times: Times,
  rounds: number,
  measure: (name: string) => Promise<number[]>,
): Promise<void> {
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const known = times.get(name) ?? []
      if (typeof known === 'string') continue
      await measure(name).then(
        (ms) => times.set(name, [...known, ...ms]),
        (error) => times.set(name, failed(error)),
      )
    }
}

/** Reloads the pages of each client in a browser that runs. */
async function warm(endpoint: Endpoint, tell: Tell): Promise<{ version: string; one: Times; eight: Times }> {
  const browser = await startBrowser()
  const open = new Map<string, Tab[]>()
  const [one, eight]: [Times, Times] = [new Map(), new Map()]
  for (const name of names) {
    tell(`opening ${name}`)
    const context = await profile(browser, endpoint)
    const first = await Tab.open(context, endpoint, name, endpoint.open())
    const others = Array.from({ length: tabs - 1 }, () => Tab.open(context, endpoint, name))
    open.set(name, [first, ...(await Promise.all(others))])
  }
  const start = async (some: readonly Tab[]): Promise<number[]> => {
    for (const tab of some) await tab.reload()
    return Promise.all(some.map((tab) => tab.first()))
  }
  tell('one tab')
  await inTurns(one, rounds, (name) => start(open.get(name)!.slice(0, 1)))
  tell(`${tabs} tabs`)
  await inTurns(eight, rounds, (name) => start(open.get(name)!))
  const version = browser.version()
  await browser.close()
  return { version, one, eight }
}

/** Starts the browser anew for each measurement. */
async function cold(endpoint: Endpoint, tell: Tell): Promise<Times> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenkeep-reload-'))
  const times: Times = new Map()
  const inBrowser = async <T>(name: string, work: (context: BrowserContext) => Promise<T>): Promise<T> => {
    const context = await chromium.launchPersistentContext(join(folder, name), launchOptions)
    try {
      await routeAuthority(context, endpoint)
      return await work(context)
    } finally {
      await context.close()
    }
  }
  for (const name of names) {
    tell(`${name}: signing in`)
    await inBrowser(name, (context) => Tab.open(context, endpoint, name, endpoint.open()))
  }
  tell('a new browser')
  await inTurns(times, coldRounds, (name) =>
    inBrowser(name, async (context) => [await (await Tab.load(context, endpoint, name)).first()]),
  )
  await rm(folder, { recursive: true })
  return times
}

export const bench: Bench = {
  title: 'From a reload to the first token',
  method: `A page was left with a valid token, and is loaded again. The time runs from the creation of the client, when its script has been loaded, until \`token()\` of
its documentation has resolved. The floor opens a database of IndexedDB and reads one key: it is the least that a session costs which survives a killed browser and is the same in every tab. Packages below the floor
read localStorage. Each has its default storage, or the one that its documentation asks for if sessions must outlive a page.
Warm: the browser runs, and the page is loaded again, ${rounds} times in turns; then in ${tabs} tabs at once. Cold: the browser has just started, ${coldRounds} times. Medians.`,
  async run(tell) {
    const endpoint = await Endpoint.start(await peerScripts(names, tell))
    const { version, one, eight } = await warm(endpoint, tell)
    const started = await cold(endpoint, tell)
    endpoint.close()
    const value = (times: Times, name: string): number | string => {
      const found = times.get(name)!
      return typeof found === 'string' ? found : median(found)
    }
    const ratio = (times: Times, name: string): number | string => {
      const [ms, least] = [value(times, name), value(times, floor)]
      return typeof ms === 'number' && typeof least === 'number' ? ms / least : ''
    }
    const row = (name: string, title: string, from?: string) => ({
      name: title,
      version: from ? versionOf(from) : '',
      one: value(one, name),
      oneRatio: ratio(one, name),
      eight: value(eight, name),
      eightRatio: ratio(eight, name),
      cold: value(started, name),
      coldRatio: ratio(started, name),
    })
    const place = ({ one }: { one: number | string }): number => (typeof one === 'number' ? one : Infinity)
    const rows = [row(floor, 'the floor'), ...peers.map((peer) => row(peer.name, peer.title, peer.package))]
    return {
      versions: { Chromium: version },
      tables: [
        {
          title: 'Milliseconds from the creation of the client to its token',
          columns: [
            { key: 'name', title: 'package' },
            { key: 'version', title: 'version' },
            { key: 'one', title: 'one tab, ms', digits: 1 },
            { key: 'oneRatio', title: '× floor', digits: 2 },
            { key: 'eight', title: `${tabs} tabs, ms`, digits: 1 },
            { key: 'eightRatio', title: '× floor', digits: 2 },
            { key: 'cold', title: 'new browser, ms', digits: 1 },
            { key: 'coldRatio', title: '× floor', digits: 2 },
          ],
          rows: rows.toSorted((a, b) => place(a) - place(b)),
        },
      ],
    }
  },
}
