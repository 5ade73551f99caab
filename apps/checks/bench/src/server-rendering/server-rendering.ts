import { versionOf } from '../frame/machine.ts'
import type { Bench } from '../frame/report.ts'
import { inRounds, type Contender } from '../frame/rounds.ts'
import { cookieSessions, requestOf, type CookieSession } from './sessions.ts'

const rounds = 21
/** How long one turn takes. Milliseconds. */
const turn = 60

/** Opens the session of a request, one time after the other. The time is that of the processor, in all threads. */
async function contender(session: CookieSession): Promise<Contender> {
  const request = await requestOf(session)
  return {
    name: session.title,
    async run(times) {
      const before = process.cpuUsage()
      for (let time = 0; time < times; time++) await session.open(request)
      const { user, system } = process.cpuUsage(before)
      return ((user + system) * 1000) / times
    },
  }
}

export const bench: Bench = {
  title: 'A session in a cookie',
  method: `A server-rendered app opens the session of each request and reads its auth token, which is valid. The table shows the processor time of
that, of all threads, and the length of the \`Cookie\` header. Each package holds the same two tokens in its sealed cookie, set up as its documentation says (\`src/server-rendering/sessions.ts\`).
The floor decrypts the same tokens by WebCrypto and parses them. The packages run in turns for ${rounds} rounds. The figures are medians.`,
  async run(tell) {
    const sessions = await Promise.all(cookieSessions.map((create) => create()))
    const contenders = await Promise.all(sessions.map(contender))
    const medians = await inRounds(contenders, rounds, turn, tell)
    const least = medians.get('the floor') as number
    const rows = sessions.map(({ title, package: name, cookie }) => {
      const ns = medians.get(title)!
      return {
        name: title,
        version: name ? versionOf(name) : '',
        time: typeof ns === 'number' ? ns / 1000 : ns,
        ratio: typeof ns === 'number' ? ns / least : '',
        cookie: cookie.length,
      }
    })
    const place = ({ time }: { time: number | string }): number =>
      typeof time === 'number' ? time : Infinity
    return {
      versions: {},
      tables: [
        {
          title: 'Processor time to open a session',
          columns: [
            { key: 'name', title: 'package' },
            { key: 'version', title: 'version' },
            { key: 'time', title: 'µs', digits: 1 },
            { key: 'ratio', title: '× floor', digits: 1 },
            { key: 'cookie', title: 'cookie, bytes' },
          ],
          rows: rows.toSorted((a, b) => place(a) - place(b)),
          chart: { column: 'time', label: 'µs of processor time per request', logarithmic: true },
        },
      ],
    }
  },
}
