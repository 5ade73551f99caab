import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy in front of another server. It can swallow all bytes of its open connections, as a dead firewall does. */
export interface TcpProxy {
  readonly port: number
  /** From now on, the connections that are open now carry no byte and do not end. New connections work. */
  swallowOpenConnections(): void
  close(): Promise<void>
}

/** `target`: the path of a Unix socket. */
export async function createTcpProxy(target: string): Promise<TcpProxy> {
  const open = new Set<Socket[]>()
  // Half-open: a silent connection does not answer the end of the other side either.
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path: target, allowHalfOpen: true })
    const pair = [near, far]
    open.add(pair)
    near.pipe(far).pipe(near)
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => open.delete(pair))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    swallowOpenConnections() {
      for (const [near, far] of open) {
        near!.unpipe(far)
        far!.unpipe(near)
        // Reads and discards, so that the sender sees no full buffer.
        near!.resume()
        far!.resume()
      }
    },
    async close() {
      for (const pair of open) for (const socket of pair) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
