import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const demo = fileURLToPath(new URL('../../../../scripts/demo/demo.mjs', import.meta.url))

/** Runs `npm start` without its preparations. The port is out of range, so that it ends before it builds anything. */
const start = (...args: string[]): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...process.env, PORT: '0' }
    execFile(process.execPath, [demo, ...args], { env }, (_, _out, complaint) => resolve(complaint))
  })

it('npm start knows --ssr, and refuses any other argument in one line', async () => {
  expect(await start('--ssr')).toBe('PORT is 0: set it to a port from 1 to 65535\n')
  expect(await start('--ssr', '--srr')).toBe(
    'npm start does not know --srr: its only option is --ssr, as in npm start -- --ssr\n',
  )
})
