import { createHash, randomBytes, randomUUID } from 'node:crypto'

const PREFIX = 'parley_live_'
/** By its beginning scanners of leaked secrets know it; the id tells which one it is, the rest is known to nobody. */
const SHAPE = /^parley_live_([0-9a-f]{32})_[\w-]{43}$/

export interface MadeKey {
  id: string
  key: string
  hash: Buffer
}

export function makeKey(): MadeKey {
  const id = randomUUID()
  const key = `${PREFIX}${id.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`
  return { id, key, hash: hashOf(key) }
}

/** @returns null for what cannot be one */
export function readKey(text: string): { id: string; hash: Buffer } | null {
  const hex = SHAPE.exec(text)?.[1]
  if (hex === undefined) return null
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { id, hash: hashOf(text) }
}

/** It has 256 random bits: nothing slower is needed. */
function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
