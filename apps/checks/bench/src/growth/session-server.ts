// Runs the session server on a store. Housekeeping runs a round only at a request: POST /round. Argument: the store.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createHousekeeping,
  createSessionServer,
  deriveKeys,
  openStore,
  toNodeHandler,
} from '@tokenkeep/server'

const store = await openStore(process.argv[2]!)
const keys = deriveKeys(Buffer.from(process.env['TOKENKEEP_MASTER_KEY']!, 'base64url'))
const handle = toNodeHandler(createSessionServer({ store, keys, baseUrl: 'http://localhost' }))
const log = { info: () => undefined } as unknown as Parameters<typeof createHousekeeping>[0]['log']
const housekeeping = createHousekeeping({ store, keys, log })

const server = createServer((request, response) => {
  if (request.url !== '/round') return handle(request, response)
  housekeeping.round().then(
    () => response.end(),
    (error: Error) => response.writeHead(500).end(error.message),
  )
})
// The command `tokenkeep serve` uses the same time. Milliseconds.
server.keepAliveTimeout = 65_000
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port })),
)
process.on('SIGTERM', () => process.exit(0))
