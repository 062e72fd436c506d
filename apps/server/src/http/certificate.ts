import { X509Certificate, createPrivateKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'

import { type Condition } from '../platform/health.ts'
import { startPeriodic, type Periodic } from '../platform/periodic.ts'
import { type Services } from '../platform/services.ts'

/** A browser of ten years ago speaks it; what is older than that is broken. */
const OLDEST_TLS = 'TLSv1.2'
const LOOKED_AT_EVERY_MS = 10_000
/** Who renews by a program does it thirty days before; this is for somebody to see that it did not. */
const ENDS_SOON_DAYS = 14
const DAY_MS = 86_400_000

export interface CertificateFiles {
  certFile: string
  keyFile: string
}

/** What a TLS server is given, and until when it is of use. */
export interface Certificate {
  context: { cert: Buffer; key: Buffer; minVersion: typeof OLDEST_TLS }
  validUntil: Date
}

/** The message is one line for the operator. */
export class UnusableCertificate extends Error {
  override name = 'UnusableCertificate'
}

/** @throws UnusableCertificate that says which variable's file is at fault and how */
export async function readCertificate(
  { certFile, keyFile }: CertificateFiles,
  now: Date,
): Promise<Certificate> {
  const [cert, key] = await Promise.all([
    readNamed('TLS_CERT_FILE', certFile),
    readNamed('TLS_KEY_FILE', keyFile),
  ])
  // Of a chain the first is the server's own.
  const own = understood('TLS_CERT_FILE', 'a certificate in PEM', () => new X509Certificate(cert))
  const privateKey = understood('TLS_KEY_FILE', 'a private key in PEM without a passphrase', () =>
    createPrivateKey(key),
  )
  if (!own.checkPrivateKey(privateKey)) {
    throw new UnusableCertificate(
      'TLS_CERT_FILE and TLS_KEY_FILE are not a pair: the key is not that of the certificate',
    )
  }
  const [validFrom, validUntil] = [new Date(own.validFrom), new Date(own.validTo)]
  if (validUntil < now) {
    throw new UnusableCertificate(`TLS_CERT_FILE expired on ${validUntil.toISOString()}`)
  }
  if (validFrom > now) {
    throw new UnusableCertificate(`TLS_CERT_FILE is valid only from ${validFrom.toISOString()}`)
  }
  const context = { cert, key, minVersion: OLDEST_TLS } as const
  // What OpenSSL takes for too weak is said now, and not to the first who connects.
  understood('TLS_CERT_FILE', 'strong enough for OpenSSL', () => createSecureContext(context))
  return { context, validUntil }
}

/**
 * Has other files used as soon as they are there. Files that cannot be used (one of the two is not written yet) change
 * nothing: the certificate before them serves on.
 */
export function followCertificate(
  services: Services,
  files: CertificateFiles,
  first: Certificate,
  use: (context: Certificate['context']) => void,
): Periodic {
  const { health, logger, clock } = services
  let present = first
  let condition: Condition = 'well'
  health.register('certificate', () => condition)
  return startPeriodic('certificate', LOOKED_AT_EVERY_MS, services, async () => {
    try {
      const read = await readCertificate(files, clock.now())
      if (!isSame(read, present)) {
        use(read.context)
        present = read
        logger.info({ validUntil: read.validUntil }, 'another certificate is in use')
      }
      condition = conditionOf(read, clock.now())
    } catch (error) {
      if (!(error instanceof UnusableCertificate)) throw error
      condition = { state: 'behind', detail: error.message }
    }
  })
}

function isSame({ context: a }: Certificate, { context: b }: Certificate): boolean {
  return a.cert.equals(b.cert) && a.key.equals(b.key)
}

function conditionOf({ validUntil }: Certificate, now: Date): Condition {
  const daysLeft = (validUntil.getTime() - now.getTime()) / DAY_MS
  if (daysLeft > ENDS_SOON_DAYS) return 'well'
  return { state: 'behind', detail: `TLS_CERT_FILE expires on ${validUntil.toISOString()}` }
}

async function readNamed(variable: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new UnusableCertificate(`${variable} ${file}: ${why}`)
  }
}

function understood<Parsed>(variable: string, what: string, parse: () => Parsed): Parsed {
  try {
    return parse()
  } catch {
    throw new UnusableCertificate(`${variable} is not ${what}`)
  }
}
