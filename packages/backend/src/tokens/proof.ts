import {
  base64url,
  calculateJwkThumbprint,
  importJWK,
  jwtVerify,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
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
const MAX_KEYS = 1000

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

  const urlOf = (request: IncomingRequest): string => {
    if (!dpop) throw invalid('Clients bind their tokens: pass dpop to createBackend.')
    if (typeof dpop.url === 'function') return dpop.url(request)
    const { pathname } = new URL(request.originalUrl ?? request.url ?? '', dpop.url)
    return dpop.url.replace(/\/$/, '') + pathname
  }

  return async (request, token, jkt) => {
    const url = urlOf(request)
    const text = readHeader(request, 'dpop')
    if (text === undefined) throw invalid('The request has no proof in the header DPoP.')
    if (text.length > MAX_LENGTH) throw invalid('The proof is too long.')
    const [head = ''] = text.split('.')
    let found = keys.get(head)
    const { payload } = await jwtVerify(text, async (header) => (found ??= await readKey(header)).key, {
      typ: 'dpop+jwt',
      algorithms: [...PROOF_ALGORITHMS],
      currentDate: new Date(now()),
    }).catch((cause: unknown) => {
      throw new AuthError('proof_invalid', { cause })
    })
    const { htm, htu, ath, nonce, iat, jti } = payload as ProofClaims
    if (htm !== request.method) throw invalid(`The proof is for ${String(htm)}, not ${request.method}.`)
    if (typeof htu !== 'string' || normalize(htu) !== normalize(url))
      throw invalid(`The proof is for ${String(htu)}, not ${url}. Check dpop.url.`)
    if (ath !== (await hashOf(token))) throw invalid('The proof is for another auth token.')
    if (found!.jkt !== jkt) throw invalid('The proof is of another key than that of the auth token.')
    if (typeof jti !== 'string' || !jti || typeof iat !== 'number')
      throw invalid('The proof has no jti or no iat.')
    if (!keys.has(head)) {
      if (keys.size >= MAX_KEYS) keys.delete(keys.keys().next().value!)
      keys.set(head, found!)
    }

    const age = now() / 1000 - iat
    const isTimely =
      nonce === undefined
        ? age <= MAX_AGE && age >= -MAX_AHEAD
        : typeof nonce === 'string' && (await nonces.isFresh(nonce))
    const isUnused = async (): Promise<boolean> =>
      replay === 'off' || (await replay.once(await hashOf(`${jkt} ${jti}`), REPLAY_WINDOW))
    if (!isTimely || !(await isUnused())) throw new AuthError('proof_stale', { nonce: await nonces.make() })
  }
}

type ProofClaims = JWTPayload & Readonly<Record<'htm' | 'htu' | 'ath' | 'nonce', unknown>>

const invalid = (reason: string): AuthError => new AuthError('proof_invalid', { reason })

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

async function readKey({ alg, jwk }: JWTHeaderParameters): Promise<ProofKey> {
  const { kty, crv } = (jwk ?? {}) as JWK
  const isEdwards = kty === 'OKP' && crv === 'Ed25519'
  if (!jwk || PRIVATE.some((name) => name in jwk) || !(alg === 'ES256' ? kty === 'EC' : isEdwards))
    throw new TypeError('The proof has no public key that fits its algorithm.')
  const { x, y } = jwk as JWK
  const plain = { kty: kty!, crv: crv!, x: x!, ...(!isEdwards && { y: y! }) }
  return { key: (await importJWK(plain, alg!)) as CryptoKey, jkt: await calculateJwkThumbprint(plain) }
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
