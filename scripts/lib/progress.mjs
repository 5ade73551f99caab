// Shows the progress on one line. A terminal redraws the line; elsewhere it is printed once.
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const { stdout } = process
const clear = () => stdout.isTTY && stdout.write('\r\u001B[K')

/** Shows `text` while `work` runs. */
export const during = async (text, work) => {
  let frame = 0
  const draw = () => stdout.write(`\r${frames[frame++ % frames.length]} ${text}`)
  if (!stdout.isTTY) console.log(text)
  const timer = stdout.isTTY ? setInterval(draw, 80) : undefined
  try {
    return await work()
  } finally {
    clearInterval(timer)
    clear()
  }
}
