import type { ChildProcess } from 'node:child_process'
import { end, ready, startNode } from '../../../e2e/src/child.ts'
import { freePort } from '../../../../../scripts/lib/free-port.ts'
import type { Subject } from './subject.ts'

/** The instances of an app. A killed one is started again, and gets requests as soon as it answers. */
export interface Instances {
  /** The addresses that answer now. */
  urls(): readonly string[]
  /** Kills an instance in the middle of its work, unless another one is still starting. Returns whether it did. */
  kill(at: number): boolean
  close(): Promise<void>
}

interface Instance {
  readonly child: ChildProcess
  readonly url: string
  isReady: boolean
}

export async function startInstances(
  subject: Subject,
  count: number,
  env: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): Promise<Instances> {
  const instances: Instance[] = []
  let isClosing = false

  async function start(at: number): Promise<void> {
    const port = await freePort()
    const url = `http://localhost:${port}`
    const child = startNode(subject.serve(port), {
      cwd: subject.folder,
      env: { ...subject.env, ...env, NODE_ENV: 'production', PORT: `${port}` },
      onLine,
      onErrorLine(line) {
        onLine(line)
        process.stderr.write(`${line}\n`)
      },
    })
    const instance: Instance = { child, url, isReady: false }
    instances[at] = instance
    await ready(child, `${url}${subject.publicPath}`)
    instance.isReady = true
  }

  await Promise.all(Array.from({ length: count }, (_, at) => start(at)))
  const answering = (): Instance[] => instances.filter(({ isReady }) => isReady)
  return {
    urls: () => answering().map(({ url }) => url),
    kill(at) {
      const instance = instances[at % count]!
      if (isClosing || answering().length < count) return false
      instance.isReady = false
      void end(instance.child, 'SIGKILL')
        .then(() => (isClosing ? undefined : start(at % count)))
        .catch((error) => {
          // It was killed while it started, because the run has ended.
          if (!isClosing) throw error
        })
      return true
    },
    async close() {
      isClosing = true
      await Promise.all(instances.map(({ child }) => end(child, 'SIGKILL')))
    },
  }
}
