import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Endpoint } from '../endpoint/endpoint.ts'
import { profile, startBrowser } from '../frame/browser.ts'
import { versionOf } from '../frame/machine.ts'
import type { Bench, Tell } from '../frame/report.ts'
import { inRounds, type Contender } from '../frame/rounds.ts'
import { peers as all } from '../peers/peers.ts'
import { peerScripts } from '../peers/scripts.ts'
import { Tab } from '../peers/tab.ts'

const floor = 'floor'
const peers = all.filter(({ name }) => name !== 'better-auth')
const rounds = 11
/** How long one turn takes. Milliseconds. */
const turn = 40

type Medians = ReadonlyMap<string, number | string>

/** Stands for a peer that cannot be opened: its turn fails with the reason. */
const broken = (name: string, error: unknown): Contender => ({ name, run: () => Promise.reject(error) })

async function inChromium(tell: Tell): Promise<{ version: string; medians: Medians }> {
  const names = [floor, ...peers.map(({ name }) => name)]
  const endpoint = await Endpoint.start(await peerScripts(names, tell))
  const browser = await startBrowser()
  const contenders: Contender[] = []
  for (const name of names) {
    tell(`Chromium: ${name}`)
    try {
      const tab = await Tab.open(await profile(browser, endpoint), endpoint, name, endpoint.open())
      contenders.push({ name, run: (calls) => tab.time(calls) })
    } catch (error) {
      contenders.push(broken(name, error))
    }
  }
  const medians = await inRounds(contenders, rounds, turn, (text) => tell(`Chromium: ${text}`))
  const version = browser.version()
  await browser.close()
  endpoint.close()
  return { version, medians }
}

async function inNode(tell: Tell): Promise<Medians> {
  const endpoint = await Endpoint.start()
  const names = [floor, ...peers.filter(({ node }) => node).map(({ name }) => name)]
  const workers: Worker[] = []
  const contenders: Contender[] = []
  for (const name of names) {
    const worker = new Worker(new URL('worker.ts', import.meta.url), {
      workerData: { name, origin: endpoint.origin, session: endpoint.open() },
    })
    workers.push(worker)
    try {
      await once(worker, 'message')
    } catch (error) {
      contenders.push(broken(name, error))
      continue
    }
    const run = async (calls: number): Promise<number> => {
      const answer = once(worker, 'message')
      worker.postMessage(calls)
      return (await answer)[0] as number
    }
    contenders.push({ name, run })
  }
  const medians = await inRounds(contenders, rounds, turn, (text) => tell(`Node: ${text}`))
  await Promise.all(workers.map((worker) => worker.terminate()))
  endpoint.close()
  return medians
}

export const bench: Bench = {
  title: 'A valid token',
  method: `The table shows the time of one call while the token is valid. The caller gets the token as its package's documentation does, awaits it, and then makes the next call.
The floor reads the clock once and awaits one settled promise: no client that checks an expiry can take less time. Each package runs in a page of
its own (in Node, in a thread of its own), in turns for ${rounds} rounds. The figures are medians. Node runs only the packages that support it. better-auth's client is not in this table: it asks its server each time.`,
  async run(tell) {
    const { version, medians } = await inChromium(tell)
    const node = await inNode(tell)
    const ratio = (of: Medians, name: string): number | string => {
      const [value, least] = [of.get(name), of.get(floor)]
      return typeof value === 'number' && typeof least === 'number' ? value / least : ''
    }
    const row = (name: string, title: string, from?: string) => ({
      name: title,
      version: from ? versionOf(from) : '',
      chromium: medians.get(name)!,
      chromiumRatio: ratio(medians, name),
      node: node.get(name) ?? '',
      nodeRatio: ratio(node, name),
    })
    const place = (value: number | string): number => (typeof value === 'number' ? value : Infinity)
    const rows = [row(floor, 'the floor'), ...peers.map((peer) => row(peer.name, peer.title, peer.package))]
    return {
      versions: { Chromium: version },
      tables: [
        {
          title: 'Nanoseconds per call for a valid token',
          columns: [
            { key: 'name', title: 'package' },
            { key: 'version', title: 'version' },
            { key: 'chromium', title: 'Chromium, ns' },
            { key: 'chromiumRatio', title: '× floor', digits: 1 },
            { key: 'node', title: 'Node, ns' },
            { key: 'nodeRatio', title: '× floor', digits: 1 },
          ],
          rows: rows.toSorted((a, b) => place(a.chromium) - place(b.chromium)),
          chart: { column: 'chromium', label: 'ns per call in Chromium', logarithmic: true },
        },
      ],
    }
  },
}
