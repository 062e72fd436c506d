import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { fetchPatiently } from './patient-fetch.ts'

let answer: (response: ServerResponse) => void = () => {}
const server = createServer((_request, response) => answer(response))
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const SILENCE = 300
const ask = (mostBytes = 1_000_000, signal = new AbortController().signal) =>
  fetchPatiently(url, {}, signal, { silenceMs: SILENCE, mostBytes })

test('an answer that comes slowly is waited for, however long all of it takes', async () => {
  answer = async (response) => {
    for (let piece = 0; piece < 8; piece += 1) {
      response.write('x')
      await setTimeout(SILENCE / 4)
    }
    response.end()
  }
  const startedMs = performance.now()
  expect(await (await ask()).text()).toBe('xxxxxxxx')
  expect(performance.now() - startedMs).toBeGreaterThan(SILENCE)
})

test('one that stops in its middle, or never begins, is given up', async () => {
  answer = (response) => void response.write('x')
  const begun = await ask()
  await expect(begun.text()).rejects.toThrow('nothing came')
  answer = () => {}
  await expect(ask()).rejects.toThrow('nothing came')
})

test('one that is far too large is given up before all of it is here', async () => {
  answer = (response) => {
    const piece = Buffer.alloc(10_000)
    const more = (): void => void response.write(piece, (error) => (error ? undefined : more()))
    more()
  }
  await expect((await ask(50_000)).text()).rejects.toThrow(RangeError)
})

test('whoever hangs up waits no longer; what says that it has no content has none', async () => {
  answer = (response) => void response.write('x')
  const line = new AbortController()
  const begun = await ask(undefined, line.signal)
  line.abort(new Error('hung up'))
  await expect(begun.text()).rejects.toThrow('hung up')
  answer = (response) => response.writeHead(204).end()
  expect((await ask()).status).toBe(204)
})
