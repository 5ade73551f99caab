/** An event of a stream. Its data is one line: that is all this protocol sends. */
export interface ServerSentEvent {
  readonly event: string
  readonly data: string
}

/** Characters: nothing this protocol sends comes near. */
const longestLine = 65_536

/**
 * Reads an event stream as it comes (HTML Living Standard, section 9.2.6). Comments tell that the other side is
 * there, and nothing else: `alive` is called for whatever arrives.
 *
 * @throws Error for a line that does not end
 */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
  alive: () => void,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let rest = ''
  let event = 'message'
  let data: string | undefined
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    alive()
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop()!
    if (rest.length > longestLine) throw new Error('a line without an end')
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
