import { beforeAll, expect, test } from 'vitest'

import {
  daysAround,
  makeCertificate,
  writeCertificate,
  type MadeCertificate,
} from '../testing/certificates.ts'
import { readCertificate, type CertificateFiles } from './certificate.ts'

let good: MadeCertificate
beforeAll(async () => void (good = await makeCertificate()))

const problem = async (files: CertificateFiles): Promise<string> =>
  readCertificate(files, new Date()).then(
    () => 'usable',
    (error: Error) => `${error.name}: ${error.message}`,
  )

test('a pair that is in force can be used', async () => {
  const files = await writeCertificate(good)
  const { validUntil, context } = await readCertificate(files, new Date())
  expect(validUntil.getTime()).toBeGreaterThan(Date.now())
  expect(context.minVersion).toBe('TLSv1.2')
})

test('what cannot be used is one line that says which file is at fault', async () => {
  const files = await writeCertificate(good)
  expect(await problem({ ...files, keyFile: '/no/such/key' })).toBe(
    'UnusableCertificate: TLS_KEY_FILE /no/such/key: there is no such file',
  )
  expect(await problem({ certFile: files.keyFile, keyFile: files.keyFile })).toBe(
    'UnusableCertificate: TLS_CERT_FILE is not a certificate in PEM',
  )
  expect(await problem({ certFile: files.certFile, keyFile: files.certFile })).toBe(
    'UnusableCertificate: TLS_KEY_FILE is not a private key in PEM without a passphrase',
  )
  const other = await writeCertificate(await makeCertificate())
  expect(await problem({ certFile: files.certFile, keyFile: other.keyFile })).toMatch(
    /^UnusableCertificate: TLS_CERT_FILE and TLS_KEY_FILE are not a pair/,
  )
  const expired = await writeCertificate(await makeCertificate(daysAround(-9, -2)))
  expect(await problem(expired)).toMatch(/^UnusableCertificate: TLS_CERT_FILE expired on \d{4}-/)
  const tooEarly = await writeCertificate(await makeCertificate(daysAround(2, 9)))
  expect(await problem(tooEarly)).toMatch(
    /^UnusableCertificate: TLS_CERT_FILE is valid only from \d{4}-/,
  )
})

test('what may not be read, or is no file, is said with the system’s reason', async () => {
  const files = await writeCertificate(good)
  expect(await problem({ ...files, certFile: import.meta.dirname })).toMatch(
    /TLS_CERT_FILE .*: it cannot be read \(EISDIR\)$/,
  )
})
