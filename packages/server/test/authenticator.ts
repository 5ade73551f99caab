import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()
const encode = (data: Buffer | string): string => Buffer.from(data).toString('base64url')

interface Options {
  readonly challenge: string
  readonly rp?: { readonly id?: string }
  readonly rpId?: string
}

interface Authenticator {
  /** Whether it verifies the person. Default: true. */
  readonly verifies?: boolean
  /** Whether the passkey can be copied to other devices. Default: false. */
  readonly synchronized?: boolean
  /** Its signature counter for the next response. Default: it has none, which is 0. */
  readonly count?: () => number
}

/** A software authenticator with one ES256 passkey (WebAuthn section 6). Returns what a browser returns. */
export function createAuthenticator(
  origin: string,
  { verifies = true, synchronized = false, count = () => 0 }: Authenticator = {},
) {
  // UP, UV, BE (WebAuthn section 6.1).
  const flags = 0x01 | (verifies ? 0x04 : 0) | (synchronized ? 0x08 : 0)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  // COSE (RFC 9053): key type EC2, ES256, curve P-256, x and y.
  const coordinate = (label: number, value: string): Buffer =>
    Buffer.concat([Buffer.from([label, 0x58, 32]), Buffer.from(value, 'base64url')])
  const cose = Buffer.concat([
    Buffer.from('a5010203262001', 'hex'),
    coordinate(0x21, x!),
    coordinate(0x22, y!),
  ])

  const data = (rpId: string, flags: number, ...rest: Buffer[]): Buffer =>
    Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, count()]), ...rest])
  const client = (type: string, challenge: string): string =>
    JSON.stringify({ type, challenge, origin, crossOrigin: false })
  const response = (inner: object) => ({
    id: encode(id),
    rawId: encode(id),
    type: 'public-key',
    clientExtensionResults: {},
    response: inner,
  })

  return {
    register({ challenge, rp }: Options) {
      const length = Buffer.from([0, id.length])
      const authData = data(rp!.id!, flags | 0x40, Buffer.alloc(16), length, id, cose)
      // CBOR (RFC 8949): { fmt: "none", attStmt: {}, authData: bytes }.
      const head = Buffer.concat([
        Buffer.from('a363', 'hex'),
        Buffer.from('fmtdnone'),
        Buffer.from('g'),
        Buffer.from('attStmt'),
        Buffer.from('a068', 'hex'),
        Buffer.from('authData'),
        Buffer.from([0x58, authData.length]),
      ])
      return response({
        clientDataJSON: encode(client('webauthn.create', challenge)),
        attestationObject: encode(Buffer.concat([head, authData])),
      })
    },
    signIn({ challenge, rpId }: Options) {
      const authenticatorData = data(rpId!, flags)
      const clientDataJSON = client('webauthn.get', challenge)
      const signed = Buffer.concat([authenticatorData, sha256(clientDataJSON)])
      return response({
        clientDataJSON: encode(clientDataJSON),
        authenticatorData: encode(authenticatorData),
        signature: encode(sign('sha256', signed, privateKey)),
      })
    },
  }
}
