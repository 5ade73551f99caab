/** Times are milliseconds by the endpoint's clock. */
export interface RotationOptions {
  now(): number
  /** How long a used token still gets its successor. With 0, each token can be used only once (RFC 9700 section 4.14.2). */
  readonly grace: number
}

interface TokenFamily {
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

/** Issues refresh tokens as a strict server does: each is used once, and the reuse of a token ends its session. */
export class Rotation {
  readonly #families = new Map<string, TokenFamily>()
  readonly #options: RotationOptions

  constructor(options: RotationOptions) {
    this.#options = options
  }

  static idOf(token: string): string {
    return read(token).id
  }

  open(): string {
    const id = crypto.randomUUID()
    this.#families.set(id, { generation: 0, rotatedAt: 0, retryId: undefined, ended: false })
    return write(id, 0)
  }

  /** Returns the successor of a refresh token, or undefined if it is refused. `retryId`: the retry id, if the client sends one. */
  use(token: string | undefined, retryId?: string): string | undefined {
    const { id, generation } = read(token)
    const family = this.#families.get(id)
    if (!family || family.ended) return undefined
    const { now, grace } = this.#options
    if (generation === family.generation) {
      family.generation += 1
      family.rotatedAt = now()
      family.retryId = retryId
    } else {
      const isPredecessor = generation === family.generation - 1
      const again = retryId !== undefined && retryId === family.retryId
      if (!isPredecessor || !(again || now() < family.rotatedAt + grace)) family.ended = true
    }
    return family.ended ? undefined : write(id, family.generation)
  }

  /** Returns the token itself if its session has not ended. */
  known(token: string): string | undefined {
    return this.#families.get(read(token).id)?.ended === false ? token : undefined
  }

  end(token: string | undefined): void {
    const family = this.#families.get(read(token).id)
    if (family) family.ended = true
  }
}
