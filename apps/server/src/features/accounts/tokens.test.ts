import { createSecretKey, randomBytes } from 'node:crypto'

import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'

import { signAccessToken, verifyAccessToken } from './tokens.ts'

const KEY = createSecretKey(randomBytes(32))
const ISSUED = new Date('2026-11-29T12:00:00Z')
const EXPIRES = new Date('2026-11-29T12:10:00Z')
const WITHIN = new Date('2026-11-29T12:05:00Z')

interface Made {
  alg?: string
  claims?: object
  issuer?: string
  audience?: string
}
/** As our own, but for what is said. */
function make({ alg = 'HS256', claims = { sid: 'one' }, issuer = 'parley', audience }: Made) {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg })
    .setIssuer(issuer)
    .setAudience(audience ?? 'parley')
    .setIssuedAt(ISSUED)
    .setExpirationTime(EXPIRES)
    .sign(KEY)
}
const verify = (token: string, now = WITHIN) => verifyAccessToken([KEY], token, now)

describe('an access token', () => {
  test('is of the session that it was signed for, until it ends, by the server’s clock', async () => {
    const token = await signAccessToken(KEY, 'one', ISSUED, EXPIRES)
    expect(await verify(token)).toBe('one')
    expect(await verify(token, new Date('2026-11-29T12:10:01Z'))).toBeNull()
    expect(await verify(await make({}))).toBe('one')
  })

  test.each<[string, Made]>([
    ['of another issuer', { issuer: 'elsewhere' }],
    ['for somebody else', { audience: 'elsewhere' }],
    ['of another algorithm', { alg: 'HS512' }],
    ['of no session', { claims: {} }],
    ['of a session that is none', { claims: { sid: 7 } }],
  ])('%s is none', async (_what, made) => expect(await verify(await make(made))).toBeNull())

  test('that is unsigned, altered, or of another key is none', async () => {
    const token = await make({})
    const [head, claims, seal] = token.split('.') as [string, string, string]
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    const other = Buffer.from('{"sid":"two","iss":"parley","aud":"parley"}').toString('base64url')
    for (const bad of [`${none}.${claims}.`, `${head}.${other}.${seal}`, 'nothing', '']) {
      expect(await verify(bad)).toBeNull()
    }
    const others = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))]
    expect(await verifyAccessToken(others, token, WITHIN)).toBeNull()
    // While keys are rotated any of them may have signed it, and all else is asked of it as before.
    expect(await verifyAccessToken([...others, KEY], token, WITHIN)).toBe('one')
    const late = new Date('2026-11-29T12:10:01Z')
    expect(await verifyAccessToken([...others, KEY], token, late)).toBeNull()
  })
})
