import { spawn } from 'node:child_process'
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver'
import { end } from '../src/child.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import type { Engine } from './engine.ts'

const browser = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'

/** Starts WebKitGTK on its own display. Controls it over WebDriver: each call first switches to its tab. */
export async function webkit(): Promise<Engine> {
  const port = await freePort()
  const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' },
    detached: true,
  })
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
  })
  const session = await connected(() =>
    new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build(),
  )
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }
  let fresh: string | undefined = await session.getWindowHandle()
  return {
    open: (url) =>
      inTurn(async () => {
        if (!fresh) await session.switchTo().newWindow('tab')
        const handle = fresh ?? (await session.getWindowHandle())
        if (fresh) await session.switchTo().window(fresh)
        fresh = undefined
        await session.get(url)
        const here = <T>(work: () => Promise<T>): Promise<T> =>
          inTurn(async () => {
            await session.switchTo().window(handle)
            return work()
          })
        return {
          evaluate: (expression) =>
            here(() =>
              session.executeAsyncScript(
                'const done = arguments[0]; Promise.resolve(eval(' +
                  JSON.stringify(expression) +
                  ')).then(done)',
              ),
            ),
          close: () => here(() => session.close()),
        }
      }),
    async close() {
      await session.quit().catch(() => undefined)
      process.kill(-driver.pid!, 'SIGTERM')
      await end(driver, 'SIGTERM')
    },
  }
}

async function connected(connect: () => Promise<WebDriver>): Promise<WebDriver> {
  for (let left = 40; ; left--) {
    try {
      return await connect()
    } catch (error) {
      if (!left) throw error
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}
