import { createHash, randomBytes, type KeyObject } from 'node:crypto'

import { SignJWT, errors, jwtVerify } from 'jose'

export const ACCESS_TOKEN_LIFETIME_MS = 10 * 60 * 1000
const ISSUER = 'parley'

/** A signed statement of which session this is; whether the session still lives is asked at every use. */
export async function signAccessToken(
  key: KeyObject,
  sessionId: string,
  issuedAt: Date,
  expiresAt: Date,
): Promise<string> {
  return new SignJWT({ sid: sessionId })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(ISSUER)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(key)
}

/**
 * The session's id, or null for a token that is expired, altered or not ours.
 * @param keys any of which may have signed it
 * @param now by the same clock that it was signed by, whichever process that was
 */
export async function verifyAccessToken(
  keys: readonly KeyObject[],
  token: string,
  now: Date,
): Promise<string | null> {
  for (const key of keys) {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer: ISSUER,
        audience: ISSUER,
        algorithms: ['HS256'],
        currentDate: now,
      })
      return typeof payload['sid'] === 'string' ? payload['sid'] : null
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) return null
    }
  }
  return null
}

export function createRefreshToken(): { token: string; hash: Buffer } {
  const token = randomBytes(32).toString('base64url')
  return { token, hash: hashToken(token) }
}

/** The token has 256 random bits, so a plain hash is enough to keep it from being read. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
