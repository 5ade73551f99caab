// One key stops and starts a process, so that people can watch what the others do meanwhile.
import { ended, fail } from '../lib/processes.mjs'

/**
 * Lets `key` stop and start a process in a terminal. `start` starts the process and returns a function that stops it.
 * `stop` stops the process that runs already.
 */
export const switchByKey = (key, name, start, stop) => {
  const { stdin } = process
  // Without a terminal, nobody can press a key.
  if (!stdin.isTTY) return
  let stopRunning = stop
  let busy = false
  const change = async () => {
    if (busy || ended.aborted) return
    busy = true
    if (stopRunning) {
      await stopRunning()
      stopRunning = undefined
      console.log(`The ${name} is stopped. Press ${key} to start it.`)
    } else {
      stopRunning = start()
      console.log(`The ${name} starts. Press ${key} to stop it.`)
    }
    busy = false
  }
  stdin.setRawMode(true)
  stdin.on('data', (typed) => {
    // In raw mode, the terminal sends no signal for Ctrl-C.
    if (typed.includes(3)) process.kill(process.pid, 'SIGINT')
    else if (typed.toString() === key) change().catch(fail)
  })
  // A terminal stays in raw mode if nobody ends it.
  process.once('exit', () => stdin.setRawMode(false))
  console.log(`Press ${key} to stop the ${name}, and to start it again.`)
}
