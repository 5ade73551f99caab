import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readServerSentEvents } from './server-sent-events.ts'

async function read(chunks: readonly Uint8Array[]) {
  const events = []
  let reads = 0
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
  for await (const event of readServerSentEvents(body, () => (reads += 1))) events.push(event)
  return { events, reads }
}

const text =
  ': hello\n\nid: 1\nevent: revocation\ndata: {"a":"é€😀: x"}\n\n' +
  ': comment\r\n\r\nid:2\r\nevent:ready\r\ndata:{}\r\n\r\nretry: 5\rdata: plain\r\revent: empty\n\ndata\n\ndata: unfinished'
const events = [
  { event: 'revocation', data: '{"a":"é€😀: x"}' },
  { event: 'ready', data: '{}' },
  { event: 'message', data: 'plain' },
  { event: 'message', data: '' },
]

it('reads the same events for every split of the bytes into chunks', async () => {
  const bytes = new TextEncoder().encode(text)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 60 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
      const chunks = edges.slice(1).map((end, index) => bytes.slice(edges[index], end))
      const result = await read(chunks)
      expect(result.events).toEqual(events)
      expect(result.reads).toBe(chunks.length)
    }),
  )
})

it('throws if a line is too long', async () => {
  const endless = Array.from({ length: 3 }, () => new TextEncoder().encode('x'.repeat(40_000)))
  await expect(read(endless)).rejects.toThrow('A line of the event stream is too long.')
})
