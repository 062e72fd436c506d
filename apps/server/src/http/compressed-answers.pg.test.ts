import { request } from 'node:http'
import { gunzipSync, brotliDecompressSync } from 'node:zlib'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestServer, type TestClient, type TestServer } from '../testing/test-server.ts'

let server: TestServer
let client: TestClient

beforeAll(async () => {
  server = await startTestServer()
  const teamIds = [server.teams.sales]
  for (let n = 0; n < 20; n++) await server.addPerson({ role: 'agent', teamIds })
  client = await server.signIn(await server.addPerson({ role: 'admin', teamIds: [] }))
})
afterAll(async () => {
  client.close()
  await server.stop()
})

function get(
  path: string,
  encoding?: string,
): Promise<{ body: Buffer; encoding: string | undefined; status: number }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${client.accessToken}`,
      ...(encoding !== undefined && { 'accept-encoding': encoding }),
    }
    request(`${server.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          body: Buffer.concat(chunks),
          encoding: response.headers['content-encoding'],
          status: response.statusCode ?? 0,
        }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const PAGE = `/trpc/sync.bootstrap?input=${encodeURIComponent(JSON.stringify({ page: null }))}`

test('what is read comes as small as whoever asks understands it', async () => {
  const plain = await get(PAGE)
  expect(plain.encoding).toBeUndefined()
  const items = (body: Buffer) =>
    (JSON.parse(body.toString()) as { result: { data: { items: unknown } } }).result.data.items
  const gzip = await get(PAGE, 'gzip, deflate, br')
  const brotli = await get(PAGE, 'br;q=1.0, gzip;q=0')
  expect([gzip.encoding, brotli.encoding]).toEqual(['gzip', 'br'])
  expect(items(gunzipSync(gzip.body))).toEqual(items(plain.body))
  expect(items(brotliDecompressSync(brotli.body))).toEqual(items(plain.body))
  expect(gzip.body.length).toBeLessThan(plain.body.length / 2)
  expect((await get(PAGE, 'identity')).encoding).toBeUndefined()
})

test('a page of a load, which is put together from what is compressed already, is one answer to fetch, and right', async () => {
  const headers = { authorization: `Bearer ${client.accessToken}` }
  const answer = await fetch(`${server.url}${PAGE}`, { headers })
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(answer.headers.get('vary')).toBe('accept-encoding')
  const plain = await get(PAGE, 'identity')
  const { cursor: _, ...page } = (
    (await answer.json()) as { result: { data: object & { cursor: string } } }
  ).result.data
  expect(JSON.parse(plain.body.toString())).toMatchObject({ result: { data: page } })
  const nobodys = await fetch(`${server.url}${PAGE}`)
  expect(nobodys.status).toBe(401)
  expect(await nobodys.json()).toMatchObject({
    error: { data: { app: { code: 'unauthenticated' } } },
  })
  for (const input of [
    '',
    '?input=nothing',
    '?input=%7B%7D',
    '?input=1&input=2',
    '?input=%7B%22page%22%3A1%7D',
  ]) {
    const refused = await fetch(`${server.url}/trpc/sync.bootstrap${input}`, { headers })
    const asOther = await fetch(`${server.url}/trpc/sync.bootstrap${input}`, {
      headers: { ...headers, 'accept-encoding': 'identity' },
    })
    expect([input, refused.status]).toEqual([input, 400])
    expect(asOther.status).toBe(400)
    const codeOf = async (response: Response) =>
      ((await response.json()) as { error: { data: { app: { code: string } } } }).error.data.app
        .code
    expect(await codeOf(refused)).toBe(await codeOf(asOther))
  }
})

test('what is read may be asked for by a body, so that no address says for what', async () => {
  const ask = async (encoding: string, page: unknown) => {
    const answer = await fetch(`${server.url}/trpc/sync.bootstrap`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${client.accessToken}`,
        'content-type': 'application/json',
        'accept-encoding': encoding,
      },
      body: typeof page === 'string' ? page : JSON.stringify({ page }),
    })
    return { status: answer.status, encoding: answer.headers.get('content-encoding') }
  }
  expect(await ask('gzip', null)).toEqual({ status: 200, encoding: 'gzip' })
  expect(await ask('br', null)).toEqual({ status: 200, encoding: 'br' })
  expect(await ask('identity', null)).toEqual({ status: 200, encoding: null })
  for (const page of [1, '', '{', 'nothing']) {
    expect((await ask('gzip', page)).status).toBe(400)
    expect((await ask('identity', page)).status).toBe(400)
  }
})

test('a refusal, and what is done, are answered as they are', async () => {
  const refused = await get('/trpc/sync.bootstrap?input=%7B%22page%22%3A%22x%22%7D', 'gzip')
  expect([refused.status, refused.encoding]).toEqual([400, undefined])
  const signedOut = await fetch(`${server.url}/trpc/session.refresh`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip' },
    body: JSON.stringify({ refreshToken: client.refreshToken }),
  })
  expect([signedOut.status, signedOut.headers.get('content-encoding')]).toEqual([200, null])
})
