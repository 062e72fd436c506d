import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'

/**
 * What is derived from the configured keys; each purpose has a key of its own. While they are rotated there are several: what
 * is new is made with the first, and what any of them has made is understood.
 */
export interface Secrets {
  /** Of the first; named beside whatever it sealed. */
  keyId: string
  has(keyId: string): boolean
  /** HMAC keys of access tokens, made ready once: a token comes with every request. The first signs. */
  accessTokenKeys: readonly KeyObject[]
  /** HMAC keys of the audit log's hashes, by their ids. */
  auditKeys: ReadonlyMap<string, KeyObject>
  /** AES-256-GCM by the first: nonce (12) ‖ ciphertext ‖ tag (16). */
  encrypt(plain: string): Buffer
  /** @throws where there is no such key, or the bytes were altered */
  decrypt(sealed: Buffer, keyId: string): string
}

/** @param keys of 32 bytes in base64, with commas between them */
export function createSecrets(keys: string): Secrets {
  const ring = keys.split(',').map((key) => deriveKeys(Buffer.from(key, 'base64')))
  const byId = new Map(ring.map((key) => [key.id, key]))
  const [first] = ring as [DerivedKeys]
  return {
    keyId: first.id,
    has: (keyId) => byId.has(keyId),
    accessTokenKeys: ring.map(({ accessToken }) => accessToken),
    auditKeys: new Map(ring.map(({ id, audit }) => [id, audit])),
    encrypt: (plain) => seal(first.sealing, plain),
    decrypt(sealed, keyId) {
      const key = byId.get(keyId)
      if (key === undefined) throw new Error('sealed with another PARLEY_SECRET_KEY')
      return open(key.sealing, sealed)
    },
  }
}

interface DerivedKeys {
  id: string
  accessToken: KeyObject
  audit: KeyObject
  sealing: Buffer
}

function deriveKeys(key: Buffer): DerivedKeys {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', key, 'parley', purpose, 32))
  const sealing = derive('seal')
  return {
    id: createHash('sha256').update(sealing).digest('hex').slice(0, 16),
    accessToken: createSecretKey(derive('access-token')),
    audit: createSecretKey(derive('audit')),
    sealing,
  }
}

function seal(key: Buffer, plain: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

function open(key: Buffer, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(-16))
  return decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
}
