import { join } from 'node:path'
import {
  AngularNodeAppEngine,
  createWebRequestFromNodeRequest,
  isMainModule,
  writeResponseToNodeResponse,
} from '@angular/ssr/node'
import { answerApi, answerSignIn, askApi } from '@tokenkeep/sample/server'
import { addHeaders } from '@tokenkeep/ssr'
import { withSession } from '@tokenkeep/ssr/angular'
import express, { type RequestHandler } from 'express'
import type { PageContext } from './answer'
import { sessions } from './sessions'

const engine = new AngularNodeAppEngine()

/** Renders a page for the session of its request, with what the API answers to the session's token. */
const render = withSession(sessions, async (request, { session }) =>
  engine.handle(request, { session, answer: await askApi(session) } satisfies PageContext),
)

/** The app's own sign-in. The response carries the cookies of the new session. */
async function signIn(request: Request): Promise<Response> {
  if (!sessions.isSameOrigin(request)) return new Response(null, { status: 403 })
  const session = await sessions.open(request)
  const response = await answerSignIn(request, session)
  return addHeaders(response, await session.headers())
}

/** Lets a function of the web platform answer a request of Node. */
const on =
  (answer: (request: Request) => Promise<Response | null>): RequestHandler =>
  async (incoming, outgoing, next) => {
    const response = await answer(createWebRequestFromNodeRequest(incoming))
    if (response) await writeResponseToNodeResponse(response, outgoing)
    else next()
  }

const app = express()
app.use(express.static(join(import.meta.dirname, '../browser'), { maxAge: '1y', index: false }))
app.use('/auth', on(sessions.handler))
app.use('/api', on(answerApi))
app.post('/sign-in', on(signIn))
app.use(on(render))

if (isMainModule(import.meta.url)) app.listen(Number(process.env['PORT']))
