import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto'

/** A proof that its sender holds a private key (RFC 9449 section 4.2), once it is verified. */
export interface DpopProof {
  /** The SHA-256 thumbprint of the key, in base64url (RFC 7638). */
  readonly jkt: string
  readonly jti: string
  /** When the client made it, by the client's clock. Unix seconds. */
  readonly iat: number
  readonly nonce?: string | undefined
}

/** The request that a proof must be for. */
export interface ProvenRequest {
  readonly method: string
  /** Without a query, as clients know this server: never taken from a header of the request. */
  readonly url: string
  /** The auth token of the request, at a route that takes one. */
  readonly token?: string | undefined
}

/** Why a proof is refused: a sentence for the client's developer. */
export interface RefusedProof {
  readonly fault: string
}

/** The algorithms that a proof can have (RFC 7518, RFC 8037, RFC 9864). */
export const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519'] as const

interface ProofKey {
  readonly jkt: string
  readonly key: KeyObject
  readonly digest: string | null
}

/** A proof of a long URL has less than 2 kB. */
const MAX_LENGTH = 4096
/** The cached keys take about 2 MB. */
const MAX_KEYS = 1000
/** The keys of verified proofs, by the proof's header. To import a key takes longer than to verify a signature with it. */
const cache = new Map<string, ProofKey>()

function decode(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** A coordinate of 32 bytes in the one spelling that it has, so that a key has one thumbprint. */
const isCoordinate = (value: unknown): value is string => {
  if (typeof value !== 'string') return false
  const bytes = Buffer.from(value, 'base64url')
  return bytes.length === 32 && bytes.toString('base64url') === value
}

/** The private members of a JWK (RFC 7518 section 6). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The members that a thumbprint covers, in their order (RFC 7638 section 3.2, RFC 8037 section 2). */
function publicMembers(header: Readonly<Record<string, unknown>>): Record<string, string> | undefined {
  const { alg } = header
  const jwk = header['jwk'] as Readonly<Record<string, unknown>> | null | undefined
  if (typeof jwk !== 'object' || jwk === null || PRIVATE.some((name) => name in jwk)) return undefined
  const { kty, crv, x, y } = jwk
  if (alg === 'ES256' && kty === 'EC' && crv === 'P-256' && isCoordinate(x) && isCoordinate(y))
    return { crv, kty, x, y }
  const isEdwards = (alg === 'EdDSA' || alg === 'Ed25519') && kty === 'OKP' && crv === 'Ed25519'
  return isEdwards && isCoordinate(x) ? { crv, kty, x } : undefined
}

/** Reads the key of a proof's header. Undefined if the header is not one of a proof. */
function readKey(head: string): ProofKey | undefined {
  const header = decode(head)
  // No extension is understood here, so every critical one is refused (RFC 7515 section 4.1.11).
  if (header?.['typ'] !== 'dpop+jwt' || 'crit' in header) return undefined
  const jwk = publicMembers(header)
  if (!jwk) return undefined
  try {
    const jkt = hash('sha256', JSON.stringify(jwk), 'base64url')
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return { jkt, key, digest: jwk['kty'] === 'EC' ? 'sha256' : null }
  } catch {
    // The point is not on the curve.
    return undefined
  }
}

const PARTS = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/

/** The thumbprint of the key that a proof names. The proof is not verified yet. Undefined if it names no usable key. */
export function claimedKey(text: string): string | undefined {
  const head = text.length <= MAX_LENGTH ? PARTS.exec(text)?.[1] : undefined
  return head && (cache.get(head) ?? readKey(head))?.jkt
}

/** A URL without its query, in the one spelling that it has (RFC 3986 sections 6.2.2 and 6.2.3). */
function normalize(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { origin, pathname } = new URL(text)
  const path = pathname.replaceAll(/%[\da-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : code.toUpperCase()
  })
  return origin + path.replace(/\/$/, '')
}

const refuse = (fault: string): RefusedProof => ({ fault })

/**
 * Verifies a proof for a request (RFC 9449 section 4.3), except what needs a clock or a memory: its age, its nonce, and whether
 * it was used before.
 */
export function verifyProof(text: string, { method, url, token }: ProvenRequest): DpopProof | RefusedProof {
  const [, head, body, signature] = (text.length <= MAX_LENGTH && PARTS.exec(text)) || []
  if (!head || !body || !signature) return refuse('it must be one JWT')
  const known = cache.get(head) ?? readKey(head)
  if (!known)
    return refuse(
      'its header must have the typ dpop+jwt, the alg ES256 or EdDSA, and the public key as the jwk',
    )
  const { jkt, key, digest } = known
  const claims = decode(body)
  const { jti, htm, htu, iat, ath, nonce } = claims ?? {}
  if (typeof jti !== 'string' || !jti || typeof iat !== 'number' || !Number.isFinite(iat))
    return refuse('its claims jti and iat must be a text and a time')
  if (nonce !== undefined && typeof nonce !== 'string') return refuse('its claim nonce must be a text')
  if (htm !== method) return refuse(`its claim htm must be ${method}`)
  if (typeof htu !== 'string' || (htu !== url && normalize(htu) !== normalize(url)))
    return refuse(`its claim htu must be ${url}`)
  if (token !== undefined && ath !== hash('sha256', token, 'base64url'))
    return refuse('its claim ath must be the hash of the auth token that is sent')
  const bytes = Buffer.from(signature, 'base64url')
  const signed = Buffer.from(`${head}.${body}`)
  if (!verify(digest, signed, { key, dsaEncoding: 'ieee-p1363' }, bytes))
    return refuse('its signature is wrong')
  if (!cache.has(head)) {
    if (cache.size >= MAX_KEYS) cache.delete(cache.keys().next().value!)
    cache.set(head, known)
  }
  return { jkt, jti, iat, nonce }
}
