import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { ApiError } from '../errors.ts'

/** How many requests can fail per minute, in one process. */
export interface RateLimitOptions {
  /** Failed requests of one address: wrong keys and tokens, unknown users, refused passkeys. Default 100. */
  readonly failuresPerAddress?: number | undefined
  /** Sign-ups started at one address. Default 30. */
  readonly signUpsPerAddress?: number | undefined
  /** Refused refreshes of one session. After that, a refresh is refused without reading the database. Default 10. */
  readonly refusalsPerSession?: number | undefined
}

/** Undefined if the host of an embedded server passes no address. Then addresses are not limited, because all would share one limit. */
type Address = string | undefined

/**
 * Limits failures and never successes: a valid refresh always works, even from an address that failed often. Each method
 * throws or returns {@link ApiError} `rate_limited` (429), with `Retry-After` in seconds.
 */
export interface RateLimits {
  /** Throws if the address failed too often. Call it before a response that reveals something, such as whether a user exists. */
  checkAddress(address: Address): Promise<void>
  /** Counts a failure. Returns the error, or `rate_limited` after too many. */
  countFailure(address: Address, error: ApiError): Promise<ApiError>
  /** Counts a sign-up. Throws after too many. */
  countSignUp(address: Address): Promise<void>
  /** Throws if the session was refused too often. Returns undefined, and no promise, if it was never refused. */
  checkSession(id: string): Promise<void> | undefined
  countRefusal(id: string): Promise<void>
}

const MINUTE_SECONDS = 60
/** An IPv6 customer gets at least a /64: the first four groups of 16 bits. */
const CUSTOMER_GROUPS = 4

const rateLimited = ({ msBeforeNext }: RateLimiterRes): ApiError =>
  new ApiError('rate_limited', 'too many requests: try again when Retry-After has passed', {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(msBeforeNext / 1000))) },
  })

/** The key that an address is counted by. All addresses of an IPv6 customer (a /64) count as one. */
export function addressKey(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address
  const [head = '', tail = ''] = address.split('%')[0]!.split('::')
  const groups = head.split(':').filter(Boolean)
  const rest = tail.split(':').filter(Boolean)
  const zeros = address.includes('::') ? Array<string>(8 - groups.length - rest.length).fill('0') : []
  return [...groups, ...zeros, ...rest].slice(0, CUSTOMER_GROUPS).join(':')
}

export function createRateLimits(options: RateLimitOptions = {}): RateLimits {
  const { failuresPerAddress = 100, signUpsPerAddress = 30, refusalsPerSession = 10 } = options
  const perMinute = (points: number) => new RateLimiterMemory({ points, duration: MINUTE_SECONDS })
  const failures = perMinute(failuresPerAddress)
  const signUps = perMinute(signUpsPerAddress)
  const refusals = perMinute(refusalsPerSession)
  /** The sessions that `refusals` counts. Nearly all sessions are not in it and skip the asynchronous check. */
  const refusedSessions = new Set<string>()

  const check = async (limiter: RateLimiterMemory, key: string): Promise<void> => {
    const used = await limiter.get(key)
    if (used && used.consumedPoints >= limiter.points) throw rateLimited(used)
  }
  return {
    checkAddress: async (address) => void (address && (await check(failures, addressKey(address)))),
    async countFailure(address, error) {
      if (!address) return error
      const used = await failures.penalty(addressKey(address))
      return used.consumedPoints > failures.points ? rateLimited(used) : error
    },
    async countSignUp(address) {
      if (!address) return
      const used = await signUps.penalty(addressKey(address))
      if (used.consumedPoints > signUps.points) throw rateLimited(used)
    },
    checkSession: (id) => (refusedSessions.has(id) ? check(refusals, id) : undefined),
    async countRefusal(id) {
      const { msBeforeNext } = await refusals.penalty(id)
      refusedSessions.add(id)
      setTimeout(() => refusedSessions.delete(id), msBeforeNext).unref()
    },
  }
}
