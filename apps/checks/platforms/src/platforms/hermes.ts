import type { Plugin } from 'vite'
import { bundle } from '../bundle.ts'
import { loadTool, toolPath } from '../tools.ts'
import type { Report } from '../walk.ts'
import { runProgram, type Input } from './programs.ts'

interface Babel {
  transformAsync(code: string, options: object): Promise<{ code: string }>
}

/** Lowers each module as React Native's own build does. */
const reactNative = (): Plugin => ({
  name: 'react-native',
  enforce: 'pre',
  // React Native's URL asks native code for the scheme of blobs. There is none here.
  load: (id) => (id.endsWith('NativeBlobModule') ? 'export default null' : undefined),
  resolveId: (id) => (id === './NativeBlobModule' ? id : undefined),
  async transform(code, filename) {
    const babel = loadTool('@babel/core') as Babel
    const preset = [
      loadTool('@react-native/babel-preset'),
      { disableImportExportTransform: true, enableBabelRuntime: false, unstable_transformProfile: 'default' },
    ]
    return babel.transformAsync(code, {
      filename,
      presets: [preset],
      babelrc: false,
      configFile: false,
      compact: false,
    })
  },
})

/**
 * What React Native has and the engine lacks. `fetch` and `URL` are React Native's own code. `AbortController` is the
 * package that React Native used for years. The network and the timers are imitated: an XMLHttpRequest whose server
 * issues what the walk expects, and a clock that jumps.
 */
const globals = ({ issued, api }: Input): string => `
  import { AbortController, AbortSignal } from ${JSON.stringify(toolPath('abort-controller', 'dist', 'abort-controller.mjs'))}
  import { URL, URLSearchParams } from ${JSON.stringify(toolPath('react-native', 'Libraries', 'Blob', 'URL.js'))}
  import { fetch, Headers, Request, Response } from ${JSON.stringify(toolPath('whatwg-fetch', 'fetch.js'))}

  const issued = ${JSON.stringify(issued)}
  let generation = 0
  class XMLHttpRequest {
    headers = {}
    open(method, url) { this.method = method; this.url = this.responseURL = url }
    setRequestHeader(name, value) { this.headers[name.toLowerCase()] = value }
    getAllResponseHeaders() { return 'content-type: application/json' }
    abort() { this.onabort && this.onabort() }
    send(body) {
      setTimeout(() => {
        const [status, answer] = this.answer(body && JSON.parse(body))
        this.status = status
        this.response = this.responseText = JSON.stringify(answer)
        this.onload()
      }, 20)
    }
    answer(body) {
      if (this.url === ${JSON.stringify(api)}) return [this.headers.authorization ? 200 : 401, {}]
      if (this.method === 'DELETE') { revocations += 1; return [200, {}] }
      refreshes += 1
      generation += 1
      return [200, { auth_result: { ...issued, auth_token: 'token-' + generation, refresh_token: 'refresh-' + generation } }]
    }
  }
  let refreshes = 0
  let revocations = 0

  // The engine's own timers ignore their delay. These take the next timer, and set the clock to its time.
  const soon = setTimeout
  let now = Date.now()
  let timers = []
  let isOver = false
  const fire = () => {
    if (isOver || timers.length === 0) return
    const next = timers.reduce((one, other) => (other.at < one.at ? other : one))
    timers = timers.filter((timer) => timer !== next)
    now = next.at
    next.callback()
  }
  const end = (report) => { print(report); isOver = true }
  Date.now = () => now

  Object.assign(globalThis, {
    setTimeout(callback, delay = 0) {
      const timer = { callback, at: now + delay }
      timers.push(timer)
      soon(fire, 0)
      return timer
    },
    clearTimeout: (timer) => void (timers = timers.filter((other) => other !== timer)),
    AbortController, AbortSignal, Headers, Request, Response, URL, URLSearchParams, XMLHttpRequest, fetch,
    console: { assert() {}, error: print, log: print, warn: print },
    navigator: { product: 'ReactNative' },
    queueMicrotask: (work) => void Promise.resolve().then(work),
    window: globalThis,
  })
`

/** Runs the walk in the engine of React Native. Its server is imitated, so the report says how often it was asked. */
export async function runHermes(input: Input): Promise<Report & { refreshes: number; revocations: number }> {
  const code = await bundle(
    `${globals(input)}
    import { createTokenManager, sessionServer } from '@tokenkeep/core'
    import { reactNativeEnvironment, secureStore } from '@tokenkeep/core/react-native'
    const items = new Map()
    const SecureStore = {
      getItemAsync: async (key) => items.get(key) ?? null,
      setItemAsync: async (key, value) => {
        if (!/^[\\w.-]+$/.test(key) || value.length > 2048) throw new Error('not possible on a phone')
        items.set(key, value)
      },
      deleteItemAsync: async (key) => void items.delete(key),
    }
    const AppState = { currentState: 'active', addEventListener: () => ({ remove() {} }) }
    const create = () => createTokenManager({
      transport: sessionServer({ url: ${JSON.stringify(input.url)}, appId: 'demo' }),
      storage: secureStore(SecureStore),
      environment: reactNativeEnvironment(AppState),
    })
    walk({ create, ...${JSON.stringify(input)}, isKept: true }).then(
      (report) => setTimeout(() => end(JSON.stringify({ ...report, refreshes, revocations })), 500),
      (error) => end(error.stack),
    )`,
    ['react-native'],
    { format: 'iife', plugins: [reactNative()] },
  )
  const hermes = toolPath('hermes-engine-cli', 'linux64-bin', 'hermes')
  return (await runProgram(hermes, ['-Xmicrotask-queue'], code)) as Report & {
    refreshes: number
    revocations: number
  }
}
