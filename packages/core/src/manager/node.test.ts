import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('works in a Node program, which ends after dispose()', async () => {
  const program = `
    import { createTokenManager, functionTransport, memoryStore } from '${new URL('../index.ts', import.meta.url).href}'
    const issued = { authToken: 'second', expiresIn: 60, refreshToken: 'r2' }
    const auth = createTokenManager({
      storage: memoryStore(),
      transport: functionTransport({ key: 'k', refresh: async () => issued }),
    })
    await auth.signIn({ authToken: 'first', expiresIn: 60, refreshToken: 'r1' })
    console.log(await auth.getAuthToken(), await auth.getAuthToken({ minValidSeconds: 70 }))
    auth.dispose()
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  expect(stdout.trim()).toBe('first second')
})
