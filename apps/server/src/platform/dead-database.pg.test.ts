import { type FeedItem } from '@parley/contracts'
import { startFreezingProxy, type FreezingProxy } from '@parley/database/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type RunningServer } from '../server.ts'
import { codeOf, newCustomer, write } from '../testing/conversations.ts'
import {
  eventually,
  startTestServer,
  type TestClient,
  type TestServer,
} from '../testing/test-server.ts'

/** The database's connections of one server are open and dead, as after a switch or a firewall forgot them. */

const BACK_WITHIN_MS = 15_000

let server: TestServer
let proxy: FreezingProxy
let behind: RunningServer
let supervisor: TestClient

beforeAll(async () => {
  server = await startTestServer()
  proxy = await startFreezingProxy(server.database.connectionString)
  behind = await server.startAnother(proxy.connectionString)
  const person = await server.addPerson({ role: 'supervisor', teamIds: [] })
  supervisor = await server.signIn(person, behind.url)
})
afterAll(async () => {
  supervisor.close()
  await behind.stop()
  await server.stop()
})

const writeThere = (text: string) => write({ ...server, url: behind.url }, newCustomer(), text)

test('after the network was frozen webhooks are answered and subscribers told again, without a restart', async () => {
  const told: FeedItem[] = []
  const { cursor } = await supervisor.trpc.sync.bootstrap.query({ page: null })
  const isLive = Promise.withResolvers<void>()
  const subscription = supervisor.trpc.sync.feed.subscribe(
    { cursor: cursor as string },
    {
      onData: ({ data }) => {
        if (data.type === 'live') isLive.resolve()
        if (data.type === 'batch') told.push(...data.batch.items)
      },
    },
  )
  await isLive.promise
  const isTold = (text: string): boolean =>
    told.some((item) => item.op === 'put' && item.kind === 'message' && item.row.text === text)
  await writeThere('before')
  await eventually(() => expect(isTold('before')).toBe(true))

  proxy.freeze()
  // Longer than anything waits: all that was under way has been given up.
  const [webhook, procedure, ready] = await Promise.all([
    writeThere('meanwhile').catch((error: Error) => error.message),
    codeOf(supervisor.trpc.session.me.query()),
    fetch(`${behind.url}/readyz`),
  ])
  expect(webhook).toBe('webhook answered 503')
  expect(procedure).toBe('try_later')
  expect(ready.status).toBe(503)
  expect(await ready.json()).toEqual({ status: 'not ready' })
  const figures = await (await fetch(behind.metricsUrl as string)).text()
  for (const name of ['database', 'intake'])
    expect(figures).toContain(`parley_health{name="${name}"} 0\n`)
  proxy.thaw()

  await Promise.all([
    eventually(() => writeThere('afterwards'), BACK_WITHIN_MS),
    eventually(() => expect(isTold('afterwards')).toBe(true), BACK_WITHIN_MS),
    eventually(async () => {
      expect(await (await fetch(`${behind.url}/readyz`)).json()).toEqual({ status: 'ready' })
    }, BACK_WITHIN_MS),
  ])
  subscription.unsubscribe()
})

test('a database that is gone altogether is “try later” and no failure of what was asked', async () => {
  await proxy.stop()
  const failure = await supervisor.trpc.session.me.query().catch((error: unknown) => error)
  expect(failure).toMatchObject({ data: { httpStatus: 503, app: { code: 'try_later' } } })
  await expect(writeThere('to nobody')).rejects.toThrow('webhook answered 503')
})
