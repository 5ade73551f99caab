import {
  base64url,
  calculateJwkThumbprint,
  compactVerify,
  decodeProtectedHeader,
  importJWK,
  type JWK,
} from 'jose'
import { AuthError, PROOF_ALGORITHMS } from './auth-error.ts'
import { readHeader, type IncomingRequest } from './credentials.ts'
import type { DpopOptions } from './proof-options.ts'
import { createProofNonces, NONCE_MINUTES } from './proof-nonce.ts'
import { createUsedProofs } from './used-proofs.ts'

export interface ProofCheckerOptions {
  readonly dpop: DpopOptions | undefined
  /** Shared by the processes of an API, so that each knows the nonces of the others. */
  readonly secret: string | undefined
  /** Returns milliseconds on a clock that only runs forward. */
  readonly elapsed: () => number
  /** Returns the time in milliseconds since the Unix epoch. */
  readonly now: () => number
}

/** Checks that a request proves the key with the thumbprint `jkt`. Rejects with an `AuthError`. */
export type ProofChecker = (request: IncomingRequest, token: string, jkt: string) => Promise<void>

/** How old a proof without a nonce may be, and how far the client's clock may be ahead. Seconds. */
const MAX_AGE = 60
const MAX_AHEAD = 30
/** Longer than any proof is accepted. Seconds. */
const REPLAY_WINDOW = (NONCE_MINUTES + 2) * 60
/** A proof of a long URL has less than 2 kB. */
const MAX_LENGTH = 4096
/** How many keys, and how many hashes of tokens, are cached. */
const MAX_CACHED = 1000
/** A longer jti is remembered by its hash. */
const MAX_JTI = 100

interface ProofKey {
  readonly key: CryptoKey
  readonly jkt: string
}

/** Verifies the proof of a request for a bound token (RFC 9449 sections 4.3 and 7.1). */
export function createProofChecker({ dpop, secret, elapsed, now }: ProofCheckerOptions): ProofChecker {
  const nonces = createProofNonces(secret, now)
  const replay =
    dpop?.replay === undefined || dpop.replay === 'memory' ? createUsedProofs(elapsed) : dpop.replay
  /** The keys of accepted proofs, by the proof's header. To import a key takes longer than to verify a signature with it. */
  const keys = new Map<string, ProofKey>()
  /** The hashes of auth tokens: a client sends the same token for minutes. */
  const hashes = new Map<string, string>()

  const urlOf = (request: IncomingRequest): string => {
    if (!dpop) throw invalid('Clients bind their tokens: pass dpop to createBackend.')
    if (typeof dpop.url === 'function') return dpop.url(request)
    const target = request.originalUrl ?? request.url ?? ''
    // Node has the path and the query only. To parse them would take a tenth of the whole check.
    const path = target.startsWith('/') ? target.replace(/[?#].*/, '') : new URL(target, dpop.url).pathname
    return dpop.url.replace(/\/$/, '') + path
  }

  return async (request, token, jkt) => {
    const url = urlOf(request)
    const text = readHeader(request, 'dpop')
    if (text === undefined) throw invalid('The request has no proof in the header DPoP.')
    if (text.length > MAX_LENGTH) throw invalid('The proof is too long.')
    const [head = ''] = text.split('.')
    const found = keys.get(head) ?? (await readKey(head))
    const { htm, htu, ath, nonce, iat, jti } = await verify(text, found.key)
    if (htm !== request.method) throw invalid(`The proof is for ${String(htm)}, not ${request.method}.`)
    if (htu !== url && (typeof htu !== 'string' || normalize(htu) !== normalize(url)))
      throw invalid(`The proof is for ${String(htu)}, not ${url}. Check dpop.url.`)
    const hash = hashes.get(token) ?? (await hashOf(token))
    if (ath !== hash) throw invalid('The proof is for another auth token.')
    if (found.jkt !== jkt) throw invalid('The proof is of another key than that of the auth token.')
    if (typeof jti !== 'string' || !jti || typeof iat !== 'number')
      throw invalid('The proof has no jti or no iat.')
    remember(keys, head, found)
    remember(hashes, token, hash)

    const age = now() / 1000 - iat
    const isTimely =
      nonce === undefined
        ? age <= MAX_AGE && age >= -MAX_AHEAD
        : typeof nonce === 'string' && (await nonces.isFresh(nonce))
    const isUnused = async (): Promise<boolean> =>
      replay === 'off' ||
      (await replay.once(`${jkt} ${jti.length > MAX_JTI ? await hashOf(jti) : jti}`, REPLAY_WINDOW))
    if (!isTimely || !(await isUnused())) throw new AuthError('proof_stale', { nonce: await nonces.make() })
  }
}

type ProofClaims = Readonly<Record<'htm' | 'htu' | 'ath' | 'nonce' | 'iat' | 'jti', unknown>>

async function verify(text: string, key: CryptoKey): Promise<ProofClaims> {
  try {
    const { payload } = await compactVerify(text, key, { algorithms: [...PROOF_ALGORITHMS] })
    return JSON.parse(new TextDecoder().decode(payload)) as ProofClaims
  } catch (cause) {
    throw new AuthError('proof_invalid', { cause })
  }
}

function remember<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  if (cache.has(key)) return
  if (cache.size >= MAX_CACHED) cache.delete(cache.keys().next().value!)
  cache.set(key, value)
}

const invalid = (reason: string): AuthError => new AuthError('proof_invalid', { reason })

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

async function readKey(head: string): Promise<ProofKey> {
  try {
    const { typ, alg, jwk } = decodeProtectedHeader(`${head}..`)
    const { kty, crv, x, y } = (jwk ?? {}) as JWK
    const isEdwards = kty === 'OKP' && crv === 'Ed25519'
    if (typ !== 'dpop+jwt' || !jwk || PRIVATE.some((name) => name in jwk))
      throw new TypeError('The proof has another typ, or no public key.')
    if (!(alg === 'ES256' ? kty === 'EC' : isEdwards))
      throw new TypeError('The key of the proof does not fit its algorithm.')
    const plain = { kty: kty!, crv: crv!, x: x!, ...(!isEdwards && { y: y! }) }
    return { key: (await importJWK(plain, alg)) as CryptoKey, jkt: await calculateJwkThumbprint(plain) }
  } catch (cause) {
    throw new AuthError('proof_invalid', { cause })
  }
}

const hashOf = async (text: string): Promise<string> =>
  base64url.encode(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))

/** A URL without its query, in the one spelling that it has (RFC 3986 sections 6.2.2 and 6.2.3). */
function normalize(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { origin, pathname } = new URL(text)
  return (
    origin +
    pathname.replaceAll(/%[\da-f]{2}/gi, (code) => {
      const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
      return /[\w.~-]/.test(character) ? character : code.toUpperCase()
    })
  )
}
