import { ApiError } from '../errors.ts'
import { WindowCounter, type Count } from './window-counter.ts'

/** How many requests can fail per minute, in one process. */
export interface RateLimitOptions {
  /** Failed requests of one address and one kind: wrong tokens, unknown users, refused passkeys, wrong secrets. Default 100. */
  readonly failuresPerAddress?: number | undefined
  /** Sign-ups started at one address. Default 30. */
  readonly signUpsPerAddress?: number | undefined
  /** Sign-ins started at one address. Default 600. */
  readonly signInsPerAddress?: number | undefined
  /** Refused refreshes of one session. After that, a refresh is refused without reading the database. Default 10. */
  readonly refusalsPerSession?: number | undefined
}

/** Undefined if the host of an embedded server passes no address. Then addresses are not limited, because all would share one limit. */
type Address = string | undefined

/** What can be guessed. Each kind has its own limit, so one person's wrong tokens do not keep others from signing in. */
export type Guess = 'token' | 'secret' | 'name' | 'passkey'

/**
 * Limits failures and never successes: a valid refresh always works, even from an address that failed often. Each method
 * throws or returns {@link ApiError} `rate_limited` (429), with `Retry-After` in seconds.
 */
export interface RateLimits {
  /** Throws if the address guessed too many names. Call it before a response that tells whether a user exists. */
  checkNames(address: Address): void
  /** Counts a name that nobody has. Throws after too many. */
  countName(address: Address): void
  /** Counts a failed guess. Returns the error, or `rate_limited` after too many of its kind. */
  countFailure(address: Address, guess: Guess, error: ApiError): ApiError
  /** Counts what an address starts: a sign-up, a sign-in, or the download of a file or of the OpenAPI document. Throws after too many. */
  countStart(address: Address, kind: 'sign-up' | 'sign-in' | 'file' | 'document'): void
  /** Throws if the session was refused too often. */
  checkSession(id: string): void
  countRefusal(id: string): void
}

const MINUTE_MS = 60_000
/** Files of the Console: one page loads about fifty. */
const FILES_PER_ADDRESS = 600
/** Readings of the OpenAPI document, which is large. */
const DOCUMENTS_PER_ADDRESS = 60
/** An IPv6 customer gets at least a /64: the first four groups of 16 bits. */
const CUSTOMER_GROUPS = 4

const rateLimited = ({ msLeft }: Count): ApiError =>
  new ApiError('rate_limited', 'too many requests: try again when Retry-After has passed', {
    headers: { 'retry-after': String(Math.max(1, Math.ceil(msLeft / 1000))) },
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
  const {
    failuresPerAddress = 100,
    signUpsPerAddress = 30,
    signInsPerAddress = 600,
    refusalsPerSession = 10,
  } = options
  const counter = (): WindowCounter => new WindowCounter(MINUTE_MS)
  const failures: Readonly<Record<Guess, WindowCounter>> = {
    token: counter(),
    secret: counter(),
    name: counter(),
    passkey: counter(),
  }
  const starts = { 'sign-up': counter(), 'sign-in': counter(), file: counter(), document: counter() }
  const startsPerAddress = {
    'sign-up': signUpsPerAddress,
    'sign-in': signInsPerAddress,
    file: FILES_PER_ADDRESS,
    document: DOCUMENTS_PER_ADDRESS,
  }
  const refusals = counter()

  return {
    checkNames(address) {
      const guessed = address && failures.name.get(addressKey(address))
      if (guessed && guessed.count >= failuresPerAddress) throw rateLimited(guessed)
    },
    countName(address) {
      const guessed = address && failures.name.add(addressKey(address))
      if (guessed && guessed.count > failuresPerAddress) throw rateLimited(guessed)
    },
    countFailure(address, guess, error) {
      if (!address) return error
      const failed = failures[guess].add(addressKey(address))
      return failed.count > failuresPerAddress ? rateLimited(failed) : error
    },
    countStart(address, kind) {
      if (!address) return
      const started = starts[kind].add(addressKey(address))
      if (started.count > startsPerAddress[kind]) throw rateLimited(started)
    },
    checkSession(id) {
      const refused = refusals.get(id)
      if (refused && refused.count >= refusalsPerSession) throw rateLimited(refused)
    },
    countRefusal: (id) => void refusals.add(id),
  }
}
