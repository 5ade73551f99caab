// `stranger.ts PORT CONNECTIONS`: reads requests from the standard input, each a line with a JSON array [method, path, body,
// headers]. It sends that request over all connections as fast as the server answers. At an empty line it stops, and prints how
// many were answered.
import { createInterface } from 'node:readline'
import { connection } from './client.ts'

const [port, connections] = process.argv.slice(2).map(Number) as [number, number]

async function flood(request: [string, string, string, string], signal: AbortSignal): Promise<void> {
  let answered = 0
  const run = async (): Promise<void> => {
    let to = connection(port)
    while (!signal.aborted) {
      // The server closes a connection after some requests. A stranger connects again.
      await to.ask(...request).then(
        () => answered++,
        () => {
          to.close()
          to = connection(port)
        },
      )
    }
    to.close()
  }
  await Promise.all(Array.from({ length: connections }, run))
  console.log(answered)
}

let stopping = new AbortController()
for await (const line of createInterface({ input: process.stdin })) {
  stopping.abort()
  stopping = new AbortController()
  if (line) void flood(JSON.parse(line) as [string, string, string, string], stopping.signal)
}
