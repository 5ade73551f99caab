/** Milliseconds, on the endpoint's clock. */
export interface RotationOptions {
  now(): number
  /** How long a used token still gets its successor, in milliseconds. 0 means strict single use (RFC 9700 section 4.14.2). */
  readonly grace: number
}

interface Chain {
  generation: number
  rotatedAt: number
  attempt: string | undefined
  ended: boolean
}

const write = (id: string, generation: number): string =>
  `e30.${Buffer.from(JSON.stringify({ id, generation })).toString('base64url')}.e30`

/** Looks like a JWT, because keycloak-js reads refresh tokens. */
function read(token: string | undefined): { id: string; generation: number } {
  try {
    return JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString())
  } catch {
    return { id: '', generation: 0 }
  }
}

/** Refresh tokens with rotation: each is used once, and a used token that comes back ends its session. */
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
    this.#chains.set(id, { generation: 0, rotatedAt: 0, attempt: undefined, ended: false })
    return write(id, 0)
  }

  /** The successor of a refresh token. Undefined if it is refused. `attempt`: the retry id, if the client sends one. */
  use(token: string | undefined, attempt?: string): string | undefined {
    const { id, generation } = read(token)
    const chain = this.#chains.get(id)
    if (!chain || chain.ended) return undefined
    const { now, grace } = this.#options
    if (generation === chain.generation) {
      chain.generation += 1
      chain.rotatedAt = now()
      chain.attempt = attempt
    } else {
      const parent = generation === chain.generation - 1
      const again = attempt !== undefined && attempt === chain.attempt
      if (!parent || !(again || now() < chain.rotatedAt + grace)) chain.ended = true
    }
    return chain.ended ? undefined : write(id, chain.generation)
  }

  /** Returns the token itself if its session is live. */
  known(token: string): string | undefined {
    return this.#chains.get(read(token).id)?.ended === false ? token : undefined
  }

  end(token: string | undefined): void {
    const chain = this.#chains.get(read(token).id)
    if (chain) chain.ended = true
  }
}
