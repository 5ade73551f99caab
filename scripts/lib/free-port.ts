import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })

/**
 * Finds a free port for a program that is started later. Systems give ports from 32768 on to outgoing connections, so the port lies
 * below: no connection takes it before the program listens.
 */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = randomInt(10_000, 32_768)
    // oxlint-disable-next-line no-await-in-loop -- One port after the other.
    if (await isFree(port)) return port
  }
}
