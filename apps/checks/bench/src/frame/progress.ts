const { stderr } = process

/** Shows progress on one line of a terminal. Without a terminal, it writes one line per bench. */
export function progress(name: string): { tell(text: string): void; end(): void } {
  const since = performance.now()
  if (!stderr.isTTY) {
    stderr.write(`${name}…\n`)
    return { tell: () => undefined, end: () => undefined }
  }
  let text = ''
  const draw = (): void => {
    const seconds = Math.round((performance.now() - since) / 1000)
    stderr.write(`\r\u001B[K${`${name} · ${seconds} s · ${text}`.slice(0, stderr.columns - 1)}`)
  }
  const timer = setInterval(draw, 250)
  return {
    tell(now) {
      text = now
      draw()
    },
    end() {
      clearInterval(timer)
      stderr.write('\r\u001B[K')
    },
  }
}
