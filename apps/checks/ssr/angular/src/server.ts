import { createServer } from 'node:http'
import {
  AngularNodeAppEngine,
  createNodeRequestHandler,
  createWebRequestFromNodeRequest,
  isMainModule,
  writeResponseToNodeResponse,
} from '@angular/ssr/node'
import { addHeaders } from '@tokenkeep/ssr'
import { withSession } from '@tokenkeep/ssr/angular'
import { tokenOrCode } from '../../app/rendered'
import { handlers, respond, whileRendering } from '../../app/routes'
import { sessions } from '../../app/sessions'

const engine = new AngularNodeAppEngine()

const renderPage = withSession(sessions, async (request, { session }) => {
  await whileRendering(request)
  return engine.handle(request, { session, tokenOrCode })
})

async function answer(request: Request): Promise<Response> {
  const name = new URL(request.url).pathname.slice(1)
  // A page that cannot set cookies.
  if (name === 'component') {
    await whileRendering(request)
    const page = await engine.handle(request, { session: await sessions.open(request), tokenOrCode })
    return page!
  }
  if (['page', 'cached', 'static'].includes(name)) return (await renderPage(request))!
  const handler = handlers[name]
  if (!handler) return respond(request)
  const session = await sessions.open(request)
  await session.refreshAhead()
  return addHeaders(await handler(request, session), await session.headers())
}

export const reqHandler = createNodeRequestHandler(async (incoming, outgoing) => {
  const response = await answer(createWebRequestFromNodeRequest(incoming))
  await writeResponseToNodeResponse(response, outgoing)
})

if (isMainModule(import.meta.url)) createServer(reqHandler).listen(Number(process.env['PORT']))
