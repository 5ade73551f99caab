// One line that tells what is going on: drawn over itself on a terminal, plain lines elsewhere.
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const { stdout } = process
const clear = () => stdout.isTTY && stdout.write('\r\u001B[K')

/** Shows `text` while `work` goes on. */
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
