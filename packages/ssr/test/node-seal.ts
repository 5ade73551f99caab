import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { SealedRecord } from '../src/session/sealed-record.ts'

/** Opens and seals by Node's own cryptography, as another implementation would. */
export function nodeSeal(secret: string, appId: string) {
  const bits = Buffer.from(hkdfSync('sha256', secret, '', `tokenkeep ssr ${appId}`, 36))
  const [id, aes] = [bits.subarray(0, 4), bits.subarray(4)]
  return {
    open(name: string, value: string): SealedRecord {
      const bytes = Buffer.from(value, 'base64url')
      if (bytes[0] !== 1 || !bytes.subarray(1, 5).equals(id)) throw new Error('sealed by another key')
      const decipher = createDecipheriv('aes-256-gcm', aes, bytes.subarray(5, 17)).setAAD(Buffer.from(name))
      decipher.setAuthTag(bytes.subarray(-16))
      const text = Buffer.concat([decipher.update(bytes.subarray(17, -16)), decipher.final()])
      return JSON.parse(text.toString()) as SealedRecord
    },
    close(name: string, content: object): string {
      const nonce = Buffer.alloc(12, 7)
      const cipher = createCipheriv('aes-256-gcm', aes, nonce).setAAD(Buffer.from(name))
      const body = Buffer.concat([cipher.update(JSON.stringify(content)), cipher.final()])
      return Buffer.concat([Buffer.from([1]), id, nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
  }
}
