import { type ApiScope } from '@parley/domain'

import { afterAll, beforeAll } from 'vitest'

import {
  newId,
  startTestServer,
  type TestClient,
  type TestPerson,
  type TestServer,
} from './test-server.ts'

/** Of a file of tests that has called `withDirectory`. */
export let server: TestServer
export let admin: TestClient
/** Whose key the directory's is: the administrator. */
export let owner: TestPerson
export let directory: TestDirectory

/** A server, and a directory that sends people to it. @param options as of the server */
export function withDirectory(options: Parameters<typeof startTestServer>[2] = {}): void {
  beforeAll(async () => {
    server = await startTestServer({}, undefined, options)
    owner = await server.addPerson({ role: 'admin', teamIds: [], name: 'Ada' })
    admin = await server.signIn(owner)
    directory = await connectDirectory(server, admin, owner.id)
  })
  afterAll(async () => {
    admin.close()
    await server.stop()
  })
}

export const rows = async <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await server.database.pool.query(text, values)).rows as Row[]
/** Nobody else's. */
export const nameOf = (word: string): string => `${word}.${newId()}@directory.example`
export const status = async (method: string, path: string, body?: unknown): Promise<number> =>
  (await directory.send(method, path, body)).status

export interface ScimAnswer {
  status: number
  body: Record<string, unknown>
  headers: Headers
}

/** A directory with a key of its own, by the wire. */
export interface TestDirectory {
  keyId: string
  key: string
  send(method: string, path: string, body?: unknown): Promise<ScimAnswer>
  /** @returns its id. @throws where it is refused */
  user(fields: object): Promise<string>
  group(displayName: string, memberIds?: readonly string[]): Promise<string>
}

/** @param admin whose key it is */
export async function connectDirectory(
  server: TestServer,
  admin: TestClient,
  ownerId: string,
  scopes: ApiScope[] = ['scim'],
): Promise<TestDirectory> {
  const { id: keyId, key } = await admin.trpc.apiKeys.create.mutate({
    name: 'Directorio',
    ownerId,
    scopes,
    lifetimeDays: 30,
    allowedAddresses: [],
  })
  const send: TestDirectory['send'] = async (method, path, body) => {
    const response = await fetch(`${server.url}/scim/v2${encodeURI(path)}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/scim+json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      headers: response.headers,
    }
  }
  const created = async (path: string, body: object): Promise<string> => {
    const answer = await send('POST', path, body)
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
    return String(answer.body['id'])
  }
  return {
    keyId,
    key,
    send,
    user: (fields) => created('/Users', fields),
    group: (displayName, memberIds = []) =>
      created('/Groups', { displayName, members: memberIds.map((value) => ({ value })) }),
  }
}

export const patchOf = (...Operations: object[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})
