// A backend written for Passage: it knows nothing of this project. PASSAGE_SERVER and PORT come from the environment.
import { createServer } from 'node:http'
import { Passage } from 'passage-node-2.12.1'

const passage = new Passage({
  appID: process.env['APP_ID']!,
  apiKey: process.env['API_KEY']!,
  authStrategy: 'HEADER',
})

createServer((request, response) => {
  response
    .setHeader('access-control-allow-origin', '*')
    .setHeader('access-control-allow-headers', 'authorization')
  if (request.method === 'OPTIONS') return void response.end()
  passage
    .authenticateRequest(request)
    .then((userId) => passage.user.get(userId))
    .then(
      ({ id, email }) => response.end(JSON.stringify({ id, email })),
      (error: unknown) => response.writeHead(401).end(String(error)),
    )
}).listen(Number(process.env['PORT']), 'localhost')
