import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const program = `
  import { createTokenManager, functionTransport, memoryStore } from '${new URL('../index.ts', import.meta.url).href}'
  const issued = { authToken: 'second', expiresIn: 60, refreshToken: 'r2' }
  const auth = createTokenManager({
    storage: memoryStore(),
    transport: functionTransport({ key: 'k', refresh: async () => issued }),
  })
  await auth.signIn({ authToken: 'first', expiresIn: 60, refreshToken: 'r1' })
  console.log(await auth.getAuthToken(), await auth.getAuthToken({ minValidSeconds: 70 }))
`
const run = async (code: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code])
  return stdout.trim()
}

it('works in a Node program, which ends by itself, because no timer and no channel of ours keeps it alive (case A8)', async () => {
  // Milliseconds. The timers of the manager are longer.
  const code = `${program}
    const done = performance.now()
    process.on('exit', () => console.log(performance.now() - done < 20_000))`
  expect(await run(code)).toBe('first second\ntrue')
})

it('works in a Node program, which ends after dispose()', async () => {
  expect(await run(`${program}\nauth.dispose()`)).toBe('first second')
})

it('a Node program waits for a refresh that is tried again (case A8)', async () => {
  const code = `
    import { createTokenManager, functionTransport, memoryStore } from '${new URL('../index.ts', import.meta.url).href}'
    let tries = 0
    const refresh = async () => {
      if (++tries < 2) throw new Error('offline')
      return { authToken: 'second', expiresIn: 60, refreshToken: 'r2' }
    }
    const auth = createTokenManager({ storage: memoryStore(), transport: functionTransport({ key: 'k', refresh }) })
    await auth.signIn({ authToken: 'first', expiresIn: 0.01, refreshToken: 'r1' })
    await new Promise((resolve) => setTimeout(resolve, 20))
    console.log(await auth.getAuthToken())
  `
  expect(await run(code)).toBe('second')
})
