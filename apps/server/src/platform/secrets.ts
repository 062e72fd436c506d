import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'

/** What is derived from the one configured key; each purpose has a key of its own. */
export interface Secrets {
  /** HMAC key of access tokens, made ready once: a token comes with every request. */
  accessTokenKey: KeyObject
  /** HMAC key of the audit log's hashes. */
  auditKey: KeyObject
  /** AES-256-GCM: nonce (12) ‖ ciphertext ‖ tag (16). */
  encrypt(plain: string): Buffer
  /** @throws when the key is another one or the bytes were altered. */
  decrypt(sealed: Buffer): string
  /** Names the key beside what it sealed, so that keys can be rotated. */
  keyId: string
}

/** @param key 32 bytes in base64 */
export function createSecrets(key: string): Secrets {
  const master = Buffer.from(key, 'base64')
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, 'parley', purpose, 32))
  const sealingKey = derive('seal')
  return {
    accessTokenKey: createSecretKey(derive('access-token')),
    auditKey: createSecretKey(derive('audit')),
    keyId: createHash('sha256').update(sealingKey).digest('hex').slice(0, 16),
    encrypt(plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce)
      return Buffer.concat([
        nonce,
        cipher.update(plain, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
    },
    decrypt(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, sealed.subarray(0, 12))
      decipher.setAuthTag(sealed.subarray(-16))
      return decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
    },
  }
}
