// Keeps processes running. Ctrl-C, an error, or the end of one process ends all of them.
import { start } from './tool.mjs'

const children = new Set()
const end = new AbortController()

/** Aborted as soon as the processes are being stopped. */
export const ended = end.signal

/** Stops every started process, and then this one. The first call decides the exit code. */
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

/** Starts a Node script that must run until the end. Returns its process, and a function that stops it on purpose. */
export const keep = (name, args, options) => {
  // The child has its own process group, so that Ctrl-C reaches only this process, which then stops its children in order.
  const child = start('node', args, { detached: true, ...options })
  children.add(child)
  child.on('error', fail)
  const onExit = (code, signal) => {
    children.delete(child)
    fail(new Error(`The ${name} has ended unexpectedly (${signal ?? `exit code ${code}`})`))
  }
  child.on('exit', onExit)
  const stopChild = () => {
    child.off('exit', onExit)
    return new Promise((resolve) => {
      child.once('exit', () => resolve(children.delete(child)))
      child.kill('SIGTERM')
    })
  }
  return { child, stop: stopChild }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(0))
