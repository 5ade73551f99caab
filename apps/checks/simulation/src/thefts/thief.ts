import type { Server } from '../server.ts'
import type { Owner, Request, Use } from './owner.ts'

/** What a thief takes. `answer`: the answer to a refresh, which the owner does not get. */
export const loots = ['token', 'request', 'answer', 'record'] as const
export type Loot = (typeof loots)[number]

/** A thief with a copy of what the owner had. */
export class Thief {
  /** The request that he would repeat: his newest token, and its retry id if he knows one. */
  request: Request
  #chosen: Request
  readonly #server: Server
  readonly #next: () => number

  private constructor(server: Server, request: Request, next: () => number) {
    this.#server = server
    this.request = request
    this.#chosen = request
    this.#next = next
  }

  static async steal(server: Server, owner: Owner, loot: Loot, next: () => number): Promise<Thief> {
    const request = owner.request!
    const { refreshToken } = request
    if (loot === 'token') return new Thief(server, { refreshToken }, next)
    if (loot === 'record') return new Thief(server, request, next)
    if (loot === 'request') {
      // The owner's own request is answered, or its answer is lost, or the thief has kept it from the server.
      await owner.refresh((['answered', 'answer lost', 'request lost'] as const)[Math.floor(next() * 3)])
      return new Thief(server, request, next)
    }
    const answer = await owner.refresh('answer lost')
    return new Thief(server, { refreshToken: answer === 'refused' ? owner.lostToken! : refreshToken }, next)
  }

  /** Chooses the next request: his newest token with the retry id that he knows, a new one or none. */
  choose(newId: string): Request {
    const { refreshToken, retryId } = this.request
    const isKnown = retryId !== undefined && this.#next() < 0.7
    const named = this.#next() < 0.5 ? { refreshToken, retryId: newId } : { refreshToken }
    return (this.#chosen = isKnown ? this.request : named)
  }

  /** Sends the chosen request. */
  async use(): Promise<Use> {
    const { refreshToken, retryId } = this.#chosen
    const headers = {
      'content-type': 'application/json',
      ...(retryId !== undefined && { 'idempotency-key': retryId }),
    }
    const body = JSON.stringify({ refresh_token: refreshToken })
    const answer = await this.#server.tokens({ method: 'POST', headers, body })
    if (answer.status !== 201) return answer.body.includes('"reused"') ? 'noticed' : 'refused'
    const { auth_result } = JSON.parse(answer.body) as { auth_result: { refresh_token: string } }
    this.request = { refreshToken: auth_result.refresh_token }
    return 'served'
  }
}
