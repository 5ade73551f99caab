import { createServer } from 'node:net'

/** Returns the port that an environment variable names, or else `usual`. */
export const portOf = (variable, usual) => {
  const port = Number(process.env[variable] ?? usual)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`${variable} is ${process.env[variable]}: set it to a port from 1 to 65535`)
}

const inUse = (port, host) =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', ({ code, message }) => {
      if (code === 'EADDRINUSE') resolve(true)
      // The machine does not have this address (no IPv6), so no program listens on it.
      else if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') resolve(false)
      else reject(new Error(`port ${port}: ${message}`))
    })
    server.listen({ port, host }, () => server.close(() => resolve(false)))
  })

export const assertFree = async (variable, port) => {
  for (const host of ['127.0.0.1', '::1', undefined]) {
    if (await inUse(port, host)) throw new Error(`Port ${port} is in use: set ${variable} to a free port`)
  }
}

/** Waits until an address responds with a 2xx status. Throws after `seconds`. */
export const waitUntilReady = async (url, seconds, signal = new AbortController().signal) => {
  const until = Date.now() + seconds * 1_000
  while (Date.now() < until && !signal.aborted) {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  if (!signal.aborted) throw new Error(`${url} did not respond within ${seconds} seconds`)
}
