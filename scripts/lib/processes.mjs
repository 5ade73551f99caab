// What a script keeps running: Ctrl-C, a fault, or one that stops by itself ends them all.
import { start } from './tool.mjs'

const children = new Set()
const end = new AbortController()

/** Aborts when the end has come. */
export const ended = end.signal

/** Ends with everything that was started. The first call decides the exit code. */
const stop = async (code) => {
  if (ended.aborted) return
  end.abort()
  process.exitCode = code
  const hard = setTimeout(() => children.forEach((child) => child.kill('SIGKILL')), 5_000)
  hard.unref()
  await Promise.all(
    [...children].map((child) => {
      child.kill('SIGTERM')
      return new Promise((resolve) => child.once('exit', resolve))
    }),
  )
  process.exit(code)
}

export const fail = (error) => {
  if (ended.aborted) return
  console.error(error.message)
  void stop(1)
}

/** Starts a script of Node's that is to run until the end. */
export const keep = (name, args, options) => {
  // A group of its own: Ctrl-C is for this process, which then stops its children in order.
  const child = start('node', args, { detached: true, ...options })
  children.add(child)
  child.on('error', fail)
  child.on('exit', (code, signal) => {
    children.delete(child)
    fail(new Error(`The ${name} has stopped by itself (${signal ?? `exit code ${code}`})`))
  })
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0))
