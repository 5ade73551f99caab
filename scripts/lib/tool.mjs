// Runs the repository's tools without a package manager.
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`

/** Starts a tool. `node` starts a script with this Node. */
export const start = (command, args, { env, ...options } = {}) =>
  spawn(command === 'node' ? process.execPath : command, args, {
    cwd: root,
    ...options,
    env: { ...process.env, PATH: path, ...env },
  })

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** Runs a tool to its end and shows its output. Resolves with whether it succeeded. Passes signals on to it. */
export const run = (command, args, options) =>
  new Promise((resolve) => {
    const child = start(command, args, { stdio: 'inherit', ...options })
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`)
      resolve(false)
    })
    const pass = (signal) => child.kill(signal)
    for (const signal of signals) process.on(signal, pass)
    child.on('exit', (code) => {
      for (const signal of signals) process.off(signal, pass)
      resolve(code === 0)
    })
  })

/** Runs a tool to its end without showing its output. Resolves with its standard output; the error has all of its output. */
export const read = (command, args, options) =>
  new Promise((resolve, reject) => {
    const child = start(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let out = ''
    let all = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
      all += chunk
    })
    child.stderr.on('data', (chunk) => (all += chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve(out.trim())
        : reject(new Error(`${[command, ...args].join(' ')} failed\n${all.trim()}`.trim())),
    )
  })
