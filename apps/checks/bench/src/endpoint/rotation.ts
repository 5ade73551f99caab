/** Milliseconds, on the endpoint's clock. */
export interface RotationOptions {
  now(): number
  /** How long a parent still gets its child. 0: strictly single use (RFC 9700 section 4.14.2). */
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

/** In the shape of a JWT: keycloak-js looks into refresh tokens. */
function read(token: string | undefined): { id: string; generation: number } {
  try {
    return JSON.parse(Buffer.from(token!.split('.')[1]!, 'base64url').toString())
  } catch {
    return { id: '', generation: 0 }
  }
}

/** Refresh tokens as a careful server gives them out: each is used once, and a used one that comes back ends its session. */
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

  /** The child of a refresh token; undefined where it is refused. `attempt`: the retry id, from clients that send one. */
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

  /** The token itself, where its session goes on. */
  known(token: string): string | undefined {
    return this.#chains.get(read(token).id)?.ended === false ? token : undefined
  }

  end(token: string | undefined): void {
    const chain = this.#chains.get(read(token).id)
    if (chain) chain.ended = true
  }
}
