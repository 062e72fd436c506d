import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { getPath } from '../app/paths.ts'
import { isReady } from '../app/readiness.ts'

const VERSION = Buffer.from('v10')
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Electron on a Linux without a key ring: the backend is 'basic_text', and there is no encryption until the app
 * says that it will do without the ring's protection. The key is a file beside the data it is for.
 */
let plainTextAllowed = false

function isEncryptionAvailable(): boolean {
  return isReady() && plainTextAllowed
}

function encryptString(plainText: string): Buffer {
  if (!isEncryptionAvailable())
    throw new Error(
      'Error while encrypting the text provided to safeStorage.encryptString. Encryption is not available.',
    )
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key(), iv)
  return Buffer.concat([
    VERSION,
    iv,
    cipher.update(plainText, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ])
}

function decryptString(encrypted: Buffer): string {
  const failed = 'Error while decrypting the ciphertext provided to safeStorage.decryptString.'
  if (!isEncryptionAvailable()) throw new Error(`${failed} Decryption is not available.`)
  const { buffer, byteOffset, byteLength } = encrypted
  const bytes = Buffer.from(buffer, byteOffset, byteLength)
  if (!bytes.subarray(0, VERSION.length).equals(VERSION))
    throw new Error(`${failed} Ciphertext does not appear to be encrypted.`)
  try {
    const iv = bytes.subarray(VERSION.length, VERSION.length + IV_BYTES)
    const decipher = createDecipheriv('aes-256-gcm', key(), iv)
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    return (
      decipher.update(bytes.subarray(VERSION.length + IV_BYTES, -TAG_BYTES), undefined, 'utf8') +
      decipher.final('utf8')
    )
  } catch (cause) {
    throw new Error(failed, { cause })
  }
}

function key(): Buffer {
  const file = path.join(getPath('userData'), 'chromium-host-safe-storage.key')
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(32), { mode: 0o600 })
  return fs.readFileSync(file)
}

export const safeStorage = {
  isEncryptionAvailable,
  encryptString,
  decryptString,
  isAsyncEncryptionAvailable: async () => isEncryptionAvailable(),
  encryptStringAsync: async (plainText) => encryptString(plainText),
  decryptStringAsync: async (encrypted) => ({
    result: decryptString(encrypted),
    shouldReEncrypt: false,
  }),
  getSelectedStorageBackend: () => (isReady() ? 'basic_text' : 'unknown'),
  setUsePlainTextEncryption: (usePlainText) => {
    plainTextAllowed = usePlainText
  },
} satisfies Partial<Electron.SafeStorage>
