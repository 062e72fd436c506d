import { createHmac, timingSafeEqual } from 'node:crypto'

const HEADER = /^sha256=([0-9a-f]{64})$/i

/**
 * Checks `sha256=<hex>` over the raw bytes, in constant time, against each of the secrets in use.
 * Every secret is tried, so that timing does not tell which one fitted.
 */
export function isSignedBy(
  secrets: readonly string[],
  body: Buffer,
  header: string | undefined,
): boolean {
  const hex = HEADER.exec(header ?? '')?.[1]
  if (hex === undefined) return false
  const claimed = Buffer.from(hex, 'hex')
  let fits = false
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest()
    if (timingSafeEqual(expected, claimed)) fits = true
  }
  return fits
}
