import { once } from 'node:events'
import { type IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { connect as connectTls, type TLSSocket } from 'node:tls'

import { PROTOCOL_VERSION } from '@parley/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'

import { makeCertificate, writeCertificate } from '../testing/certificates.ts'
import {
  PASSWORD,
  eventually,
  newId,
  startTestServer,
  type TestServer,
} from '../testing/test-server.ts'
import { type CertificateFiles } from './certificate.ts'

/** The server with a certificate of its own, and no proxy before it. */

let files: CertificateFiles
let server: TestServer

beforeAll(async () => {
  files = await writeCertificate(await makeCertificate())
  server = await startTestServer({}, undefined, {
    env: { TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile },
  })
})
afterAll(() => server.stop())

const TRUSTING = { rejectUnauthorized: false }

interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: string
}

async function ask(path: string, input?: unknown): Promise<Answer> {
  const asked = request(new URL(path, server.url), {
    ...TRUSTING,
    ...(input !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    }),
  })
  asked.end(input === undefined ? undefined : JSON.stringify(input))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  const { statusCode, headers } = response
  return { status: statusCode as number, headers, body: await text(response) }
}

async function accessToken(): Promise<string> {
  const { email } = await server.addPerson({ role: 'agent', teamIds: [] })
  const { body } = await ask('/trpc/session.signIn', {
    email,
    password: PASSWORD,
    device: { id: newId(), name: 'test', platform: 'linux' },
    protocolVersion: PROTOCOL_VERSION,
  })
  return (JSON.parse(body) as { result: { data: { tokens: { accessToken: string } } } }).result.data
    .tokens.accessToken
}

async function handshake(options: object = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(server.url)
  const socket = connectTls({ host: hostname, port: Number(port), ...TRUSTING, ...options })
  await once(socket, 'secureConnect')
  return socket
}

test('answers over TLS, says so to browsers, and has nothing for whoever speaks without', async () => {
  expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:/)
  const { status, headers } = await ask('/healthz')
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
  })
  await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow()
})

test('speaks TLS 1.2 and 1.3, and nothing older', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3']) {
    const socket = await handshake({ minVersion: version, maxVersion: version })
    expect(socket.getProtocol()).toBe(version)
    socket.destroy()
  }
  await expect(
    handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
  ).rejects.toThrow()
})

test('other files are taken while the server runs, and lines that are open stay so', async () => {
  const line = new WebSocket(
    `${server.url.replace('https', 'wss')}/trpc?connectionParams=1`,
    TRUSTING,
  )
  await once(line, 'open')
  line.send(
    JSON.stringify({ method: 'connectionParams', data: { accessToken: await accessToken() } }),
  )
  const fingerprint = async (): Promise<string> => {
    const socket = await handshake()
    const { fingerprint256 } = socket.getPeerCertificate()
    socket.destroy()
    return fingerprint256
  }
  const before = await fingerprint()
  await writeCertificate(await makeCertificate(), files)
  await eventually(async () => expect(await fingerprint()).not.toBe(before), 30_000)
  line.send('PING')
  expect(String(((await once(line, 'message')) as [Buffer])[0])).toBe('PONG')
  line.terminate()
})

test('files that cannot be used change nothing but what monitors are told', async () => {
  await writeCertificate({ cert: 'broken', key: 'broken' }, files)
  await eventually(async () => {
    const figures = await (await fetch(server.metricsUrl)).text()
    expect(figures).toContain('parley_health{name="certificate"} 0.5')
  }, 30_000)
  expect((await ask('/readyz')).status).toBe(200)
})
