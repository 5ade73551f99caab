import { fromBase64url, toBase64url } from './base64url.ts'
import { checkSecrets, deriveKey, KEY_ID_LENGTH, type SealingKey } from './keys.ts'

/**
 * What a sealed value turned out to be.
 * - `text`: its content.
 * - `fault: 'broken'`: nobody can open it. It was cut, changed, or belongs to another cookie.
 * - `fault: 'foreign'`: a key or a format that this instance does not know. Another deployment may open it.
 */
export type Opened =
  | { readonly text: string; readonly fault?: undefined }
  | { readonly fault: 'broken' | 'foreign'; readonly text?: undefined }

export interface Seal {
  /** Encrypts a text with the first key. `name`: names the place of the value, such as a cookie. It opens only there. */
  close(name: string, text: string): Promise<string>
  /** Opens a sealed value with the key that it names. Never rejects. */
  open(name: string, value: string): Promise<Opened>
}

/** The first byte of a sealed value. An instance of a later version may write another one. */
const FORMAT = 1
const NONCE_LENGTH = 12
const TAG_LENGTH = 16
const HEAD_LENGTH = 1 + KEY_ID_LENGTH + NONCE_LENGTH

/**
 * Seals texts with AES-256-GCM: format (1 byte), key id (4), nonce (12), ciphertext and tag, as base64url.
 *
 * @throws TypeError if a secret is too short
 */
export function createSeal(secrets: readonly string[], appId: string): Seal {
  checkSecrets(secrets)
  let derived: Promise<SealingKey[]> | undefined
  const keys = (): Promise<SealingKey[]> =>
    (derived ??= Promise.all(secrets.map((secret) => deriveKey(secret, appId))))

  const parameters = (name: string, nonce: Uint8Array<ArrayBuffer>) => ({
    name: 'AES-GCM',
    iv: nonce,
    additionalData: new TextEncoder().encode(name),
  })

  return {
    async close(name, text) {
      const { id, key } = (await keys())[0]!
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH))
      const body = await crypto.subtle.encrypt(parameters(name, nonce), key, new TextEncoder().encode(text))
      const head = [FORMAT, ...Array.from(id, (character) => character.charCodeAt(0)), ...nonce]
      const sealed = new Uint8Array(head.length + body.byteLength)
      sealed.set(head)
      sealed.set(new Uint8Array(body), head.length)
      return toBase64url(sealed)
    },
    async open(name, value) {
      try {
        const bytes = fromBase64url(value)
        if (bytes.length < HEAD_LENGTH + TAG_LENGTH) return { fault: 'broken' }
        const id = String.fromCharCode(...bytes.subarray(1, 1 + KEY_ID_LENGTH))
        const found = (await keys()).find((each) => each.id === id)
        if (bytes[0] !== FORMAT || !found) return { fault: 'foreign' }
        const nonce = bytes.subarray(1 + KEY_ID_LENGTH, HEAD_LENGTH)
        const text = await crypto.subtle.decrypt(
          parameters(name, nonce),
          found.key,
          bytes.subarray(HEAD_LENGTH),
        )
        return { text: new TextDecoder().decode(text) }
      } catch {
        // It is not base64url, or the tag does not fit.
        return { fault: 'broken' }
      }
    },
  }
}
