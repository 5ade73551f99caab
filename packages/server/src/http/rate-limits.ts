import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { HttpError } from '../errors.ts'

/** How much may fail within a minute, in one process. */
export interface LimitOptions {
  /** Failed requests of one address: guessed keys and tokens, unknown users, refused passkeys. Default 100. */
  readonly failuresPerAddress?: number | undefined
  /** Sign-ups begun at one address. Default 30. */
  readonly signUpsPerAddress?: number | undefined
  /** Refused refreshes of one session: after so many, the database is not asked again. Default 10. */
  readonly refusalsPerSession?: number | undefined
}

/** Unknown where the server is embedded and not told: then it is not limited, rather than everybody together. */
type Address = string | undefined

/**
 * Limits what fails, never what succeeds: a refresh that would be granted is, whatever else its address or its tab has
 * done. Everything throws or returns a 429 `rate_limited` that says when to come back.
 */
export interface Limits {
  /** Before anything that tells a stranger something (whether a user exists): an address that failed too often waits. */
  admit(address: Address): Promise<void>
  /** Counts a failure, and turns its answer into a 429 once there were too many. */
  failed(address: Address, error: HttpError): Promise<HttpError>
  signUp(address: Address): Promise<void>
  /** Before a refresh: a session that has been refused too often is refused unseen. At once for one that never was. */
  admitSession(id: string): Promise<void> | undefined
  refused(id: string): Promise<void>
}

const minute = 60

const tooMany = ({ msBeforeNext }: RateLimiterRes): HttpError =>
  new HttpError(429, 'rate_limited', 'too many requests: wait a moment', {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(msBeforeNext / 1000))) },
  })

/** An IPv6 customer has a whole /64 to choose addresses from: it counts as one. */
export function addressKey(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('%')[0]!.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail.split(':').filter(Boolean)
  const zeros = address.includes('::') ? Array<string>(8 - groups.length - rest.length).fill('0') : []
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':')
}

export function createLimits(options: LimitOptions = {}): Limits {
  const { failuresPerAddress = 100, signUpsPerAddress = 30, refusalsPerSession = 10 } = options
  const limit = (points: number) => new RateLimiterMemory({ points, duration: minute })
  const failures = limit(failuresPerAddress)
  const signUps = limit(signUpsPerAddress)
  const refusals = limit(refusalsPerSession)
  /** The sessions that `refusals` counts: all others, nearly everybody, need not wait for what it says. */
  const refused = new Set<string>()

  const admit = async (limiter: RateLimiterMemory, key: string): Promise<void> => {
    const used = await limiter.get(key)
    if (used && used.consumedPoints >= limiter.points) throw tooMany(used)
  }
  return {
    admit: async (address) => void (address && (await admit(failures, addressKey(address)))),
    async failed(address, error) {
      if (!address) return error
      const used = await failures.penalty(addressKey(address))
      return used.consumedPoints > failures.points ? tooMany(used) : error
    },
    async signUp(address) {
      if (!address) return
      const used = await signUps.penalty(addressKey(address))
      if (used.consumedPoints > signUps.points) throw tooMany(used)
    },
    admitSession: (id) => (refused.has(id) ? admit(refusals, id) : undefined),
    async refused(id) {
      const { msBeforeNext } = await refusals.penalty(id)
      refused.add(id)
      setTimeout(() => refused.delete(id), msBeforeNext).unref()
    },
  }
}
