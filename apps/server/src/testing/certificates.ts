import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { generate } from 'selfsigned'

import { type CertificateFiles } from '../http/certificate.ts'

export interface MadeCertificate {
  cert: string
  key: string
}

/** A certificate for 127.0.0.1 that vouches for itself. */
export async function makeCertificate(
  { from, until }: { from: Date; until: Date } = daysAround(-1, 365),
): Promise<MadeCertificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'parley.test' }], {
    keySize: 2048,
    notBeforeDate: from,
    notAfterDate: until,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  })
  return { cert, key }
}

/** @param from in days from now, as `until` */
export function daysAround(from: number, until: number): { from: Date; until: Date } {
  const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000)
  return { from: inDays(from), until: inDays(until) }
}

/** In a folder of their own; given files are written over. */
export async function writeCertificate(
  { cert, key }: MadeCertificate,
  files?: CertificateFiles,
): Promise<CertificateFiles> {
  const folder = files === undefined ? await mkdtemp(join(tmpdir(), 'parley-tls-')) : ''
  const { certFile, keyFile } = files ?? {
    certFile: join(folder, 'cert.pem'),
    keyFile: join(folder, 'key.pem'),
  }
  await writeFile(certFile, cert)
  await writeFile(keyFile, key)
  return { certFile, keyFile }
}
