/** Times are milliseconds by the endpoint's clock. */
export interface RotationOptions {
  now(): number
  /** How long a used token still gets its successor. 0: each token is used once only (RFC 9700 section 4.14.2). */
  readonly grace: number
}

interface Chain {
  generation: number
  rotatedAt: number
  retryId: string | undefined
  ended: boolean
}

const write = (id: string, generation: number): string =>
  `e30.${Buffer.from(JSON.stringify({ id, generation })).toString('base64url')}.e30`

/** Reads a refresh token. It has the shape of a JWT, because keycloak-js reads refresh tokens. */
function read(token: string | undefined): { id: string; generation: number } {
  try {
    return JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString())
  } catch {
    return { id: '', generation: 0 }
  }
}

/** Refresh tokens as a careful server issues them: each is used once, and a used one that comes again ends its session. */
export class Rotation {
  readonly #chains = new Map<string, Chain>()
  readonly #options: RotationOptions

  constructor(options: RotationOptions) {
    this.#options = options
  }

  static idOf(token: string): string {
    return read(token).id
  }

  open(): string {
    const id = crypto.randomUUID()
    this.#chains.set(id, { generation: 0, rotatedAt: 0, retryId: undefined, ended: false })
    return write(id, 0)
  }

  /** Returns the successor of a refresh token, or undefined if it is refused. `retryId`: the retry id of clients that send one. */
  use(token: string | undefined, retryId?: string): string | undefined {
    const { id, generation } = read(token)
    const chain = this.#chains.get(id)
    if (!chain || chain.ended) return undefined
    const { now, grace } = this.#options
    if (generation === chain.generation) {
      chain.generation += 1
      chain.rotatedAt = now()
      chain.retryId = retryId
    } else {
      const isPredecessor = generation === chain.generation - 1
      const again = retryId !== undefined && retryId === chain.retryId
      if (!isPredecessor || !(again || now() < chain.rotatedAt + grace)) chain.ended = true
    }
    return chain.ended ? undefined : write(id, chain.generation)
  }

  /** Returns the token itself if its session is alive. */
  known(token: string): string | undefined {
    return this.#chains.get(read(token).id)?.ended === false ? token : undefined
  }

  end(token: string | undefined): void {
    const chain = this.#chains.get(read(token).id)
    if (chain) chain.ended = true
  }
}
