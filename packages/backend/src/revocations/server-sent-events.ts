/** An event of a stream. Its data is one line, because the session server never sends more. */
export interface ServerSentEvent {
  readonly event: string
  readonly data: string
}

/** Characters. The lines of the session server are far shorter. */
const MAX_LINE_LENGTH = 65_536

/**
 * Reads an event stream as it arrives (HTML Living Standard, section 9.2.6). Calls `onBytes` for every chunk that arrives. A
 * comment is not an event, but it shows that the connection works.
 *
 * @throws Error if a line is too long
 */
export async function* readServerSentEvents(
  body: ReadableStream<Uint8Array>,
  onBytes: () => void,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  let event = 'message'
  let data: string | undefined
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    onBytes()
    // A carriage return at the very end may be the first half of a line break, so it stays in the rest.
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    if (rest.length > MAX_LINE_LENGTH) throw new Error('A line of the event stream is too long.')
    for (const line of lines) {
      const [, field, content] = /^([^:]*)(?:: ?(.*))?$/.exec(line)!
      if (field === 'event') event = content ?? ''
      else if (field === 'data') data = content ?? ''
      else if (line === '') {
        if (data !== undefined) yield { event, data }
        event = 'message'
        data = undefined
      }
    }
  }
}
