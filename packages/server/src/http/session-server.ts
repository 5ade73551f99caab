import type { Incoming } from './request.ts'
import type { Outgoing } from './response.ts'

/** What the host of the server knows of a request's connection. */
export interface Connection {
  /** The address of the other side. Without it, no address is rate limited. */
  readonly address?: string | undefined
  /** Node's own request. Headers are read from it, which is faster than from the `Request` made of it. */
  readonly incoming?: Incoming | undefined
  /** Node's own response. Common headers are set on it, which is faster than on the `Response`. */
  readonly outgoing?: Outgoing | undefined
}

/** A session server as a web-standard request handler. */
export interface SessionServer {
  /** Responds to a request. It does not depend on `this`. */
  fetch(request: Request, from?: Connection): Response | Promise<Response>
  /** From now on `/readyz` responds with 503, so that a load balancer sends no new requests. Everything else continues. */
  drain(): void
  /** Ends the open streams and writes pending statistics. It does not close the store. */
  close(): Promise<void>
}
