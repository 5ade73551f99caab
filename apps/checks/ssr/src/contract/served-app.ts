import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  origin,
  type App,
  type AppOptions,
  type MakeApp,
} from '../../../../../packages/ssr/test/plain-app.ts'
import { end, ready, startNode } from '../../../e2e/src/child.ts'
import { freePort } from '../../../../../scripts/lib/free-port.ts'
import { duringBuild } from '../build.ts'
import { INSTANCE, type InstanceOptions } from '../../app/contract.ts'
import { readPage } from '../page.ts'
import type { Subject } from '../rig/subject.ts'

/** A built app, for the contract suite: all its instances are one process. */
export interface ServedApp {
  readonly url: string
  readonly makeApp: MakeApp
  close(): Promise<void>
}

interface Instance {
  readonly options: AppOptions
  /** The request that is being rendered. */
  request?: Request
}

export async function serveApp(subject: Subject): Promise<ServedApp> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenkeep-contract-'))
  const instances = new Map<string, Instance>()
  const fileOf = (id: string, kind: 'clock' | 'events'): string => join(folder, `${id}.${kind}`)

  /** The app reads the time of an instance from a file, because it asks without waiting. */
  const writeClock = (id: string): void => {
    const written = join(folder, `${id}.next`)
    writeFileSync(written, `${instances.get(id)!.options.environment!.now()}`)
    // The app may be reading the file.
    renameSync(written, fileOf(id, 'clock'))
  }
  const takeEvents = (id: string): void => {
    const lines = readFileSync(fileOf(id, 'events'), 'utf8').split('\n').filter(Boolean)
    writeFileSync(fileOf(id, 'events'), '')
    for (const line of lines) instances.get(id)!.options.onEvent?.(JSON.parse(line))
  }

  /** Answers what the app asks of its surroundings. */
  async function answer(incoming: IncomingMessage): Promise<Response> {
    const [, id = '', what] = incoming.url!.split('/')
    const { options, request } = instances.get(id)!
    const { 'x-url': url, ...headers } = incoming.headers as Record<string, string>
    const sent = await text(incoming)
    const init = { method: incoming.method!, headers, ...(sent && { body: sent }) }
    if (what === 'session-server') return options.environment!.fetch(url!, init)
    if (what === 'api') return options.callApi(new Request('https://api.example/orders', init))
    await options.whileRendering?.(request!)
    writeClock(id)
    return new Response()
  }
  const control = createServer((incoming, outgoing) => {
    void answer(incoming).then(
      (response) => send(response, outgoing),
      // The network of the session server is down.
      () => incoming.socket.destroy(),
    )
  })
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve))

  const port = await freePort()
  const url = `http://localhost:${port}`
  const child = startNode(subject.serve(port), {
    cwd: subject.folder,
    env: {
      ...duringBuild,
      ...subject.env,
      CONTROL: `http://127.0.0.1:${(control.address() as AddressInfo).port}`,
      NODE_ENV: 'production',
      PORT: `${port}`,
    },
  })
  await ready(child, `${url}${subject.publicPath}`)

  return {
    url,
    makeApp(options) {
      const id = `${instances.size + 1}`
      const { appId, keys, cookie, browser, clientSecret } = options
      const described: InstanceOptions = {
        id,
        folder,
        origin,
        appId,
        keys,
        clientSecret,
        ...(cookie && { cookie }),
        ...(browser && { browser }),
      }
      const instance: Instance = { options }
      instances.set(id, instance)
      writeFileSync(fileOf(id, 'events'), '')
      return {
        async fetch(request) {
          instance.request = request
          writeClock(id)
          const response = await pass(url, request, described, options)
          takeEvents(id)
          return response
        },
      } satisfies App
    },
    async close() {
      await end(child, 'SIGKILL')
      control.closeAllConnections()
      control.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Passes a request on to the app, and turns the page that it shows into what the contract expects. */
async function pass(
  url: string,
  request: Request,
  instance: InstanceOptions,
  options: AppOptions,
): Promise<Response> {
  const { host, protocol, pathname, search, searchParams } = new URL(request.url)
  const headers = new Headers(request.headers)
  headers.set(INSTANCE, JSON.stringify(instance))
  // What the proxy in front of an app passes on. Some frameworks compare it with the origin of a post.
  headers.set('x-forwarded-host', host)
  headers.set('x-forwarded-proto', protocol.slice(0, -1))
  const isSignIn = pathname === '/sign-in'
  const sent = isSignIn
    ? JSON.stringify(await options.openSession(searchParams.get('user')!))
    : await request.text()
  const response = await fetch(`${url}${pathname}${search}`, {
    method: request.method,
    headers,
    redirect: 'manual',
    ...(['GET', 'HEAD', 'OPTIONS'].includes(request.method) ? {} : { body: sent }),
  })
  const isPage = request.method === 'GET' && ['/page', '/component'].includes(pathname)
  if (!isPage) return response
  const { snapshot, tokens } = readPage(await response.text())
  const seen = new Response(JSON.stringify({ snapshot, tokens }), response)
  // The middleware of a framework may run for this page too. Its cookies get lost.
  if (pathname === '/component') seen.headers.delete('set-cookie')
  return seen
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  response.headers.forEach((value, name) => outgoing.setHeader(name, value))
  outgoing.setHeader('set-cookie', response.headers.getSetCookie())
  outgoing.writeHead(response.status)
  outgoing.end(Buffer.from(await response.arrayBuffer()))
}
