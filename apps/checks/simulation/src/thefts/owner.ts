import { sessionServer } from '@tokenkeep/core'
import {
  applyAnswer,
  signIn,
  type Answer,
  type SessionRecord,
  type SignedInRecord,
} from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import { url, type SentRequest, type Server } from '../server.ts'

/** How a use of a refresh token ended. `noticed`: the server has heard of a theft. `refused`: it has not. */
export type Use = 'served' | 'refused' | 'noticed'

/** What the network does with a refresh. */
export type Delivery = 'answered' | 'answer lost' | 'request lost'

/** What a refresh request names. */
export interface Request {
  readonly refreshToken: string
  readonly retryId?: string
}

const transport = sessionServer({ url, appId: 'app' })
let ids = 0
export const newId = (): string => `id-${++ids}`

/** The owner's browser: the shipped transport and the shipped changes of the record, without a store. */
export class Owner {
  record: SessionRecord
  /** The refresh token of the last answer that was lost. */
  lostToken: string | undefined
  readonly #server: Server

  constructor(server: Server, result: AuthResult) {
    this.#server = server
    this.record = signIn(newId(), transport.parseTokenResponse(result, server.now), server.now)()
  }

  /** The next refresh request. Undefined if the owner is signed out. */
  get request(): Request | undefined {
    const { session, refreshToken, retryId } = this.record as SignedInRecord
    return session && { refreshToken: refreshToken!, retryId }
  }

  async refresh(delivery: Delivery = 'answered'): Promise<Use> {
    const signedIn = this.record as SignedInRecord
    const { now } = this.#server
    let isNoticed = false
    const send = async (_: string, init: object): Promise<Response> => {
      if (delivery === 'request lost') throw new TypeError('Failed to fetch')
      const { status, headers, body } = await this.#server.tokens(init as SentRequest)
      if (delivery === 'answer lost') {
        this.lostToken = /"refresh_token":"([^"]+)"/.exec(body)?.[1]
        throw new TypeError('Failed to fetch')
      }
      isNoticed ||= body.includes('"reused"')
      return new Response(body || null, { status, headers })
    }
    const answer = await transport
      .refresh(signedIn, send, () => now)
      .catch((): Answer => ({ failed: 'unreachable' }))
    this.record = applyAnswer(signedIn, answer, { now, id: newId(), jitter: 0 })(this.record)!
    if (answer.issued) return 'served'
    for (const revocation of this.record.pendingRevocations) {
      await transport.revoke(revocation, send, () => now)
      isNoticed ||= revocation.reason === 'displaced'
    }
    return isNoticed ? 'noticed' : 'refused'
  }
}
