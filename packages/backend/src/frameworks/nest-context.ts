import type { ExecutionContext } from '@nestjs/common'
import type { IncomingRequest } from '../tokens/credentials.ts'
import type { Auth } from '../tokens/verify.ts'

/** The object that a transport of Nest has for a request. It keeps the `Auth` until the handler reads it. */
export interface Carrier {
  auth?: Auth
}

/** The context of GraphQL: of Apollo (`req`), of Mercurius (`request`), or of a subscription (`extra.request`). */
interface GraphqlContext {
  readonly req?: object
  readonly request?: object
  readonly extra?: { readonly request?: object }
}

/** The parts of a socket of Socket.IO that have credentials. */
interface Socket {
  readonly handshake?: {
    readonly headers: IncomingRequest['headers']
    readonly auth?: { readonly token?: unknown }
  }
}

/** Returns the request of HTTP and of GraphQL, the socket, or the RPC context. */
export function carrierOf(context: ExecutionContext): Carrier {
  switch (context.getType<string>()) {
    case 'graphql': {
      const graphql = context.getArgByIndex<GraphqlContext>(2)
      return graphql.req ?? graphql.request ?? graphql.extra?.request ?? graphql
    }
    case 'ws':
      return context.switchToWs().getClient<Carrier>()
    case 'rpc':
      return context.switchToRpc().getContext<Carrier>()
    default:
      return context.switchToHttp().getRequest<Carrier>()
  }
}

/**
 * Returns an object with the headers of the request.
 *
 * @throws TypeError if the transport has no known place for headers
 */
export function requestOf(context: ExecutionContext): IncomingRequest {
  const type = context.getType<string>()
  const carrier: object = carrierOf(context)
  const request = type === 'ws' ? requestOfSocket(carrier) : type === 'rpc' ? requestOfRpc(carrier) : carrier
  if (request && 'headers' in request) return request as IncomingRequest
  throw new TypeError(`authGuard finds no headers in a context of the type ${type}. Pass requestOf.`)
}

/** A token in `auth` comes from a script of the page. Headers come from the browser, so a cookie there needs an origin. */
function requestOfSocket({ handshake }: Socket): IncomingRequest | undefined {
  const token = handshake?.auth?.token
  return typeof token === 'string' ? { headers: { authorization: `Bearer ${token}` } } : handshake
}

/** The context is the metadata of gRPC, or has the headers of NATS. */
function requestOfRpc(context: {
  readonly get?: Headers['get']
  getHeaders?(): IncomingRequest['headers'] | undefined
}): IncomingRequest | undefined {
  if (context.getHeaders) return { headers: context.getHeaders() ?? {} }
  return context.get && { headers: context as Pick<Headers, 'get'> }
}
