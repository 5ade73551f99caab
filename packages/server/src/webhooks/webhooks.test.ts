import type { Delivery, Webhook } from '@tokenkeep/protocol'
import type { lookup } from 'node:dns'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { places } from '../../test/stores.ts'
import { masterKey, worldOfSuite } from '../../test/world.ts'
import type { PeriodicWork } from '../operations/rounds.ts'
import { deriveKeys } from '../tokens/derived-keys.ts'
import { rewrapWebhooks } from '../tokens/master-key.ts'
import { isPrivate } from './private-addresses.ts'
import { send } from './send.ts'
import { createWebhookSender, type WebhookSenderOptions } from './sender.ts'

interface Received {
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A receiver that answers as `answer` says: a status, a status and headers, or never. */
async function startReceiver() {
  const received: Received[] = []
  const receiver = {
    received,
    url: '',
    answer: { status: 204, headers: {} } as { status: number; headers?: Record<string, string> } | undefined,
    server: undefined as Server | undefined,
    stop: async () => {
      receiver.server!.closeAllConnections()
      await new Promise((resolve) => receiver.server!.close(resolve))
    },
  }
  receiver.server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push({ url: request.url!, headers: request.headers, body: Buffer.concat(chunks).toString() })
    if (receiver.answer)
      response.writeHead(receiver.answer.status, receiver.answer.headers).end('x'.repeat(1e6))
  })
  await new Promise<void>((resolve) => receiver.server!.listen(0, '127.0.0.1', resolve))
  receiver.url = `http://127.0.0.1:${(receiver.server.address() as AddressInfo).port}`
  return receiver
}
type Receiver = Awaited<ReturnType<typeof startReceiver>>

describe.each(places)('webhooks on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  const keys = deriveKeys(masterKey)
  let receiver: Receiver
  let hook: Webhook
  let secret: string
  const create = async (body: object) => {
    const made = await world.manage('POST', '/webhooks', body)
    expect(made.status).toBe(201)
    return (await made.json()) as { webhook: Webhook; secret: string }
  }
  const sender = (options: Partial<WebhookSenderOptions> = {}) =>
    createWebhookSender({ store: world.store, keys, allowPrivate: true, now: () => world.now, ...options })
  const log = async (id = hook.id): Promise<Delivery[]> => {
    const answer = await world.manage('GET', `/webhooks/${id}/deliveries`)
    return ((await answer.json()) as { deliveries: Delivery[] }).deliveries
  }
  const deactivateSomebody = async () => {
    const { userId } = await world.signIn()
    await world.manage('PATCH', `/users/${userId}/deactivate`)
    return userId
  }
  let main: PeriodicWork
  beforeEach(async () => {
    main = sender()
    receiver = await startReceiver()
    // What happened before a webhook was made is not sent.
    world.now += 1000
    ;({ webhook: hook, secret } = await create({ url: `${receiver.url}/hook` }))
    // An event of another test is older.
    world.now += 1000
  })
  afterEach(async () => {
    await world.manage('DELETE', `/webhooks/${hook.id}`)
    world.now += 300_000
    await Promise.all([receiver.stop(), main.stop()])
  })

  it('get what happens, signed as Standard Webhooks says, and nothing else', async () => {
    const userId = await deactivateSomebody()
    await main.round()
    expect(receiver.received).toHaveLength(1)
    const { headers, body, url } = receiver.received[0]!
    expect(url).toBe('/hook')
    expect(JSON.parse(body)).toMatchObject({
      type: 'deactivate',
      timestamp: new Date(Math.floor(world.now / 1000) * 1000).toISOString(),
      data: {
        app_id: 'demo',
        user_id: userId,
        actor: expect.stringMatching(/^api-key:/),
        actor_name: 'tests',
      },
    })
    // Another implementation of the signature, from the text of the specification.
    const raw = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, [
      'verify',
    ])
    const signed = new TextEncoder().encode(
      `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`,
    )
    const [version, signature] = String(headers['webhook-signature']).split(',') as [string, string]
    expect(version).toBe('v1')
    expect(await crypto.subtle.verify('HMAC', key, Buffer.from(signature, 'base64'), signed)).toBe(true)
    expect(raw.length).toBe(32)
    expect(Number(headers['webhook-timestamp'])).toBe(Math.floor(world.now / 1000))
    // A second round sends nothing again.
    await main.round()
    expect(receiver.received).toHaveLength(1)
    expect(await log()).toMatchObject([{ state: 'delivered', status: 204, attempts: 1, type: 'deactivate' }])
    expect(JSON.stringify(await (await world.manage('GET', '/webhooks')).json())).not.toContain(secret)
  })

  it('are tried again with the same id, at growing pauses, and are given up in the end', async () => {
    receiver.answer = { status: 500 }
    await deactivateSomebody()
    for (const pause of [0, 5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]) {
      if (pause) {
        world.now += pause * 1000 - 1
        const before = receiver.received.length
        await main.round()
        expect(receiver.received).toHaveLength(before)
        world.now += 1
      }
      await main.round()
    }
    expect(receiver.received).toHaveLength(10)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-signature'])).size).toBe(10)
    expect(await log()).toMatchObject([{ state: 'failed', status: 500, attempts: 10 }])
    world.now += 10 * 86_400_000
    await main.round()
    expect(receiver.received).toHaveLength(10)
  })

  it('follow no redirect', async () => {
    const other = await startReceiver()
    for (const status of [301, 302, 303, 307, 308]) {
      receiver.answer = { status, headers: { location: other.url } }
      await deactivateSomebody()
      await main.round()
      expect((await log())[0]).toMatchObject({
        state: 'waiting',
        status,
        error: expect.stringMatching(/redirect/),
      })
    }
    expect(other.received).toEqual([])
    await other.stop()
  })

  it('end when the receiver is gone: 410', async () => {
    receiver.answer = { status: 410 }
    await deactivateSomebody()
    await main.round()
    await deactivateSomebody()
    await main.round()
    expect(receiver.received).toHaveLength(1)
    const { webhooks } = (await (await world.manage('GET', '/webhooks')).json()) as { webhooks: Webhook[] }
    expect(webhooks).toMatchObject([{ id: hook.id, active: false }])
  })

  it('to one receiver do not wait for another that does not answer', async () => {
    const silent = await startReceiver()
    silent.answer = undefined
    const { webhook } = await create({ url: silent.url })
    await deactivateSomebody()
    const round = main.round()
    await expect.poll(() => receiver.received.length).toBe(1)
    await silent.stop()
    await round
    expect(await log(webhook.id)).toMatchObject([{ state: 'waiting', error: expect.any(String) }])
    await world.manage('DELETE', `/webhooks/${webhook.id}`)
  })

  it('are sent by one of two processes, and once more if that one stops before it has written so', async () => {
    await deactivateSomebody()
    const [one, two] = [sender(), sender()]
    expect((await Promise.all([one.round(), two.round()])).toSorted()).toEqual([false, true])
    expect(receiver.received).toHaveLength(1)
    await Promise.all([one.stop(), two.stop()])
    await deactivateSomebody()
    const { store } = world
    const record = () => Promise.reject(new Error('killed'))
    const dying = sender({ store: { ...store, webhooks: { ...store.webhooks, record } } })
    await expect(dying.round()).rejects.toThrow('killed')
    await dying.stop()
    await main.round()
    expect(receiver.received).toHaveLength(3)
    expect(receiver.received[1]!.headers['webhook-id']).toBe(receiver.received[2]!.headers['webhook-id'])
  })

  it('also get an event that is committed late, and only the types that they want', async () => {
    const some = await startReceiver()
    const { webhook } = await create({ url: some.url, types: ['activate'] })
    await main.round()
    const userId = await deactivateSomebody()
    world.now += 60_000
    await main.round()
    world.now -= 60_000
    await world.manage('PATCH', `/users/${userId}/activate`)
    world.now += 60_000
    await main.round()
    expect(some.received.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toEqual(['activate'])
    await world.manage('DELETE', `/webhooks/${webhook.id}`)
    await some.stop()
  })

  it('to private networks are refused unless they are allowed', async () => {
    await deactivateSomebody()
    await sender({ allowPrivate: false }).round()
    expect(receiver.received).toEqual([])
    expect(await log()).toMatchObject([{ state: 'waiting', error: expect.stringMatching(/https:/) }])
  })

  it('keep their secret when the master key is rotated', async () => {
    const next = deriveKeys([Buffer.alloc(32, 9), masterKey])
    await rewrapWebhooks(world.store, next)
    await deactivateSomebody()
    await sender({ keys: deriveKeys(Buffer.alloc(32, 9)) }).round()
    expect(receiver.received).toHaveLength(1)
    await rewrapWebhooks(world.store, deriveKeys([masterKey, Buffer.alloc(32, 9)]))
  })

  it.each(['ftp://x.example', 'x', 'https://u:p@x.example', 'javascript:1'])(
    'are not made for %s',
    async (url) => {
      expect((await world.manage('POST', '/webhooks', { url })).status).toBe(400)
    },
  )
})

describe('an address', () => {
  let receiver: Receiver
  beforeAll(async () => {
    receiver = await startReceiver()
  })
  afterAll(() => receiver.stop())
  const options = { headers: {}, body: '{}', allowPrivate: false }
  const answering = (...addresses: string[]) => {
    let asked = 0
    return ((_name: string, _options: object, callback: (error: null, found: object[]) => void) => {
      const address = addresses[Math.min(asked++, addresses.length - 1)]!
      callback(null, [{ address, family: address.includes(':') ? 6 : 4 }])
    }) as unknown as typeof lookup
  }

  it.each([
    '127.0.0.1',
    '127.255.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '192.0.0.1',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:169.254.169.254',
    'fc00::1',
    'fd12::1',
    'fe80::1',
    'ff02::1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    '::7f00:1',
    '2001::1',
    'localhost',
    '',
  ])('%s is private', (address) => expect(isPrivate(address)).toBe(true))

  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ])('%s is public', (address) => expect(isPrivate(address)).toBe(false))

  it.each([
    'https://127.0.0.1',
    'https://[::1]',
    'https://2130706433',
    'https://0x7f.1',
    'https://[::ffff:7f00:1]',
  ])('%s is refused before a connection is made', async (url) => {
    const { port } = new URL(receiver.url)
    await expect(send(`${url}:${port}/`, options)).rejects.toThrow(/private network/)
  })

  it('is checked as it is resolved, and again for nobody: the connection goes where the check looked', async () => {
    await expect(send('https://x.example/', { ...options, resolve: answering('10.0.0.1') })).rejects.toThrow(
      /private network/,
    )
    // The second answer of a DNS that changes its mind is never asked for.
    const rebinding = answering('192.0.2.200', '127.0.0.1')
    await expect(send('https://x.example/', { ...options, resolve: rebinding })).rejects.toThrow(
      /private network/,
    )
    expect(receiver.received).toEqual([])
  })

  it('may take ten seconds to answer, and no longer', async () => {
    receiver.answer = undefined
    await expect(send(receiver.url, { ...options, allowPrivate: true, timeout: 50 })).rejects.toThrow(
      'no answer within 0.05 seconds',
    )
  })
})
