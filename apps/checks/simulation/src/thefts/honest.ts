import { random } from '@tokenkeep/testing/random'
import { url, type Server } from '../server.ts'
import { Owner, type Delivery } from './owner.ts'

const deliveries: readonly Delivery[] = ['answered', 'answered', 'answer lost', 'request lost']

/**
 * An honest walk: refreshes, lost requests and answers, and duplicates that arrive late. Returns whether the server took it
 * for a theft.
 */
export async function walkHonestly(server: Server, user: string, seed: number): Promise<boolean> {
  const next = random(seed)
  const choose = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!
  const owner = new Owner(server, await server.open(user))
  const sent = [owner.request!]
  for (let steps = 4 + Math.floor(next() * 12); steps > 0; steps--) {
    server.now += Math.round(next() * 400_000)
    if (next() < 0.3) {
      const { refreshToken, retryId } = choose(sent.slice(-7))
      const headers = { 'content-type': 'application/json', 'idempotency-key': retryId! }
      await server.tokens({ method: 'POST', headers, body: JSON.stringify({ refresh_token: refreshToken }) })
      continue
    }
    sent.push(owner.request!)
    await owner.refresh(choose(deliveries))
    if (!owner.request) return true
  }
  return (await owner.refresh()) !== 'served'
}

/**
 * The same in cookie mode. The browser may be killed at any moment. Then it has the record as it was last written, and
 * an older cookie. Or it has kept the new cookie of an answer that the page never wrote to its record.
 */
export async function walkWithCookie(server: Server, user: string, seed: number): Promise<boolean> {
  const next = random(seed)
  const cookies = [(await server.open(user)).refresh_token!]
  let cookie = cookies[0]!
  let [retryId, lastRetryId] = ['first', '']
  for (let step = 0; step < 16; step++) {
    server.now += Math.round(next() * 400_000)
    if (next() < 0.3) cookie = cookies.at(-1 - Math.floor(next() * Math.min(cookies.length, 5)))!
    const headers = {
      'tokenkeep-session': 'cookie',
      origin: url,
      cookie: `__Host-tokenkeep-app=${cookie}`,
      'idempotency-key': retryId,
      ...(lastRetryId && { 'tokenkeep-last-attempt': lastRetryId }),
    }
    const answer = await server.tokens({ method: 'POST', headers, body: '' })
    if (answer.status !== 201) return true
    const set = /^__Host-tokenkeep-app=([^;]+)/.exec(answer.headers.getSetCookie()[0]!)![1]!
    const fate = next()
    if (fate < 0.8) cookies.push((cookie = set))
    if (fate < 0.6 || fate > 0.9) [retryId, lastRetryId] = [`step-${step}`, retryId]
  }
  return false
}
