import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { args, headlessShell } from './browsers.ts'

type Result = Record<string, unknown>

/**
 * Controls Chromium by its own protocol. These tests hide and freeze pages, but Playwright keeps every page visible and
 * unfrozen.
 * https://chromedevtools.github.io/devtools-protocol/
 */
export class Browser {
  readonly #child: ChildProcess
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>()
  #ids = 0

  private constructor(child: ChildProcess, socket: WebSocket) {
    this.#child = child
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(data as string) as {
        id?: number
        result: Result
        error?: { message: string }
      }
      const waiting = id === undefined ? undefined : this.#waiting.get(id)
      if (!waiting) return
      this.#waiting.delete(id!)
      if (error) waiting.reject(new Error(error.message))
      else waiting.resolve(result)
    })
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the browser is gone'))
    })
  }

  static async start(profile: string): Promise<Browser> {
    const flags = [
      '--headless',
      '--no-first-run',
      ...args,
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
    ]
    // A group of its own, because the system's program may be a script that starts the browser.
    const child = spawn(headlessShell, flags, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    const killGroup = () => process.kill(-child.pid!, 'SIGKILL')
    process.once('exit', killGroup)
    child.once('exit', () => process.off('exit', killGroup))
    const url = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}`)))
      createInterface({ input: child.stderr! }).on('line', (line) => {
        const found = /DevTools listening on (ws:\S+)/.exec(line)
        if (found) resolve(found[1]!)
      })
    })
    const socket = new WebSocket(url)
    await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }))
    return new Browser(child, socket)
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Result> {
    const id = ++this.#ids
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  }

  async open(url: string): Promise<Tab> {
    const { targetId } = (await this.send('Target.createTarget', { url })) as { targetId: string }
    const { sessionId } = (await this.send('Target.attachToTarget', { targetId, flatten: true })) as {
      sessionId: string
    }
    return new Tab(this, targetId, sessionId)
  }

  /** Closes the browser as a person does: it first writes to disk what it has in memory. */
  async close(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    await this.send('Browser.close').catch(() => undefined)
    await gone
  }

  /** Kills the browser without notice, as a crash or a power cut does. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    process.kill(-this.#child.pid!, 'SIGKILL')
    await gone
  }
}

export class Tab {
  readonly #browser: Browser
  readonly #target: string
  readonly #session: string

  constructor(browser: Browser, target: string, session: string) {
    this.#browser = browser
    this.#target = target
    this.#session = session
  }

  send(method: string, params: object = {}): Promise<Result> {
    return this.#browser.send(method, params, this.#session)
  }

  /** Evaluates an expression in the page, and awaits it if it is a promise. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: T }; exceptionDetails?: { text: string } }
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.text)
    return answer.result.value
  }

  /** Freezes the tab as a browser freezes a hidden tab: it runs no code, and keeps its locks. */
  async freeze(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'frozen' })
  }
  async thaw(): Promise<void> {
    await this.send('Page.setWebLifecycleState', { state: 'active' })
  }
  async offline(offline: boolean): Promise<void> {
    await this.send('Network.enable')
    await this.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    })
  }
  /** Crashes the tab's process. */
  crash(): void {
    this.send('Page.crash').catch(() => undefined)
  }
  async show(): Promise<void> {
    await this.#browser.send('Target.activateTarget', { targetId: this.#target })
  }
  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.#target }).catch(() => undefined)
  }
}
