import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuthResult } from '@tokenkeep/protocol'
import {
  createServerSessions,
  sessionServer,
  withClientSecret,
  type ServerSessions,
  type ServerSessionsOptions,
} from '@tokenkeep/ssr'

/** The header in which a test says which instance of the app a request is for. */
export const INSTANCE = 'x-instance'

/** What a test says of an instance. */
export interface InstanceOptions extends Pick<
  ServerSessionsOptions<AuthResult>,
  'appId' | 'keys' | 'cookie' | 'browser'
> {
  readonly id: string
  readonly origin: string
  readonly clientSecret: string
  /** The folder of its clock and its events. */
  readonly folder: string
}

const optionsOf = ({ headers }: { readonly headers: Pick<Headers, 'get'> }): Partial<InstanceOptions> =>
  JSON.parse(headers.get(INSTANCE) ?? '{}') as Partial<InstanceOptions>

/** Next bundles the proxy and the pages apart. Only the global object is the same in both, so it stands for an instance. */
const instances = ((globalThis as { instances?: Map<string, ServerSessions<AuthResult>> }).instances ??=
  new Map())

/** Sends what the app asks of its surroundings to the test. `control`: the address of the test. */
export const askTest = (
  control: string,
  id: string,
  what: 'session-server' | 'api' | 'rendering',
  init?: RequestInit,
): Promise<Response> => fetch(`${control}/${id}/${what}`, init)

function create(control: string, options: InstanceOptions): ServerSessions<AuthResult> {
  const { id, folder, clientSecret, appId, ...rest } = options
  return createServerSessions({
    ...rest,
    appId,
    transport: withClientSecret(sessionServer({ url: 'https://auth.example', appId: 'shop' }), {
      clientId: 'shop',
      clientSecret,
    }),
    onEvent: (event) => appendFileSync(join(folder, `${id}.events`), `${JSON.stringify(event)}\n`),
    environment: {
      now: () => Number(readFileSync(join(folder, `${id}.clock`))),
      fetch: (url, init) =>
        askTest(control, id, 'session-server', {
          ...init,
          headers: { ...(init.headers as object), 'x-url': url },
        }),
    },
  })
}

/**
 * One app stands for all instances of the contract suite: each request says which one it is for. `others`: for the requests
 * that do not say it, such as the first one.
 */
export function contractSessions(
  control: string,
  others: ServerSessions<AuthResult>,
): ServerSessions<AuthResult> {
  const of = (request: { readonly headers: Pick<Headers, 'get'> }): ServerSessions<AuthResult> => {
    const options = optionsOf(request)
    if (!options.id) return others
    const known = instances.get(options.id) ?? create(control, options as InstanceOptions)
    instances.set(options.id, known)
    return known
  }
  return {
    open: (request) => of(request).open(request),
    handler: (request) => of(request).handler(request),
    forward: (request, ...rest) => of(request).forward(request, ...rest),
    isSameOrigin: (request) => of(request).isSameOrigin(request),
  }
}

/** The instance that a request is for. */
export const idOf = (request: { readonly headers: Pick<Headers, 'get'> }): string | undefined =>
  optionsOf(request).id
