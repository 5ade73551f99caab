// `rounds.ts FOLDER PORT`: a session server whose housekeeping runs a round when it is asked to: POST /round.
import { createServer } from 'node:http'
import { toNodeHandler } from '../src/index.ts'
import { createHousekeeping } from '../src/operations/housekeeping.ts'
import { createSessionServer } from '../src/server.ts'
import { openStore } from '../src/store/store.ts'
import { deriveKeys } from '../src/tokens/derived-keys.ts'
import { readMasterKey } from '../src/tokens/master-key.ts'

const [folder, port] = process.argv.slice(2) as [string, string]
const store = await openStore(folder)
const keys = deriveKeys(readMasterKey(folder))
const handle = toNodeHandler(createSessionServer({ store, keys, baseUrl: `http://localhost:${port}` }))
const housekeeping = createHousekeeping({ store, keys })
const server = createServer((request, response) => {
  if (request.url !== '/round') return handle(request, response)
  housekeeping.round().then(
    () => response.end(),
    (error: Error) => response.writeHead(500).end(error.message),
  )
})
// As `tokenkeep serve` does. Milliseconds.
server.keepAliveTimeout = 65_000
server.listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
