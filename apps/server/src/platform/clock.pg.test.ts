import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'

import { startTestServer, type TestClient, type TestServer } from '../testing/test-server.ts'

let server: TestServer
let agent: TestClient

beforeAll(async () => {
  server = await startTestServer()
  agent = await server.signIn(await server.addPerson({ role: 'agent', teamIds: [] }))
})
afterEach(() => vi.useRealTimers())
afterAll(async () => {
  agent.close()
  await server.stop()
})

test.each([1, -1])(
  'the server’s clock jumps by %i hour: nobody is signed out, and workstations hear the right time',
  async (hours) => {
    const realMs = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: realMs + hours * 3_600_000 })
    expect(await agent.trpc.session.me.query()).toMatchObject({ role: 'agent' })
    const { headers } = await fetch(`${server.url}/healthz`)
    expect(Math.abs(Date.parse(headers.get('date') ?? '') - realMs)).toBeLessThan(60_000)
    // A token of now is good before the jump and after it.
    const renewed = await agent.trpc.session.refresh.mutate({ refreshToken: agent.refreshToken })
    agent.refreshToken = renewed.refreshToken
    vi.useRealTimers()
    const answer = await fetch(`${server.url}/trpc/session.me`, {
      headers: { authorization: `Bearer ${renewed.accessToken}` },
    })
    expect(answer.status).toBe(200)
  },
)
