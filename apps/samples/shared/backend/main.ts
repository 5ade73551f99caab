import { createAdaptorServer } from '@hono/node-server'
import { createApp } from './app.ts'
import { readConfig, type Config } from './config.ts'

const fail = (message: string): never => {
  console.error(`sample: ${message}`)
  process.exit(1)
}

const configured = (): Config => {
  try {
    return readConfig()
  } catch (error) {
    return fail((error as Error).message)
  }
}

const config = configured()
const server = createAdaptorServer({ fetch: createApp(config).fetch })

server.on('error', (error: NodeJS.ErrnoException) =>
  fail(
    error.code === 'EADDRINUSE'
      ? `port ${config.port} is in use: set SAMPLE_PORT to a free port`
      : error.message,
  ),
)
server.listen(config.port, () => console.log(`sample: http://localhost:${config.port}`))

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))
