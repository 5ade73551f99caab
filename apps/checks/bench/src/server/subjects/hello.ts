// A minimal server on Node: it reads a JSON body, and responds with a body as long as that of a refresh.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const tokens = Array.from({ length: Number(process.argv[2]) }, (_, n) => `${n}`.padStart(75, '0'))

const answer = (token: string): string =>
  JSON.stringify({ auth_result: { auth_token: 'x'.repeat(480), redirect_url: '/', refresh_token: token } })

const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (chunk: string) => (text += chunk))
  request.on('end', () => {
    const { refresh_token } = JSON.parse(text) as { refresh_token: string }
    const body = answer(refresh_token)
    response.writeHead(201, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
  })
}).listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port, tokens })),
)
process.on('SIGTERM', () => process.exit(0))
