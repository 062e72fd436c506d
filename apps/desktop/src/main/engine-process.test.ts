import { Worker } from 'node:worker_threads'

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { EngineProcess, type EngineProcessOptions } from './engine-process.ts'
import { recordLog } from './log.fake.ts'

/** A real thread that plays the engine: what it does with a call is in the call's input. */
const ENGINE = `
const { parentPort, threadId } = require('node:worker_threads')
let asked = 0
parentPort.on('message', async (message) => {
  if (message.type === 'call') {
    const { id, input = {} } = message
    if (input.die) process.exit(7)
    if (input.throw) setTimeout(() => { throw new Error('a bug') })
    if (input.crash) parentPort.postMessage({ type: 'crashed', id, message: 'stack of a bug' })
    else if (input.ask) parentPort.postMessage({ type: 'ask', id: (asked = id), ...input.ask })
    else if (!input.never) parentPort.postMessage({ type: 'result', id, result: { ok: true, value: threadId } })
  }
  if (message.type === 'answer') parentPort.postMessage({ type: 'result', id: asked, result: { ok: true, value: message } })
  if (message.type === 'read') parentPort.postMessage({ type: 'result', id: message.id, result: { ok: true, value: message } })
  if (message.type === 'wake') parentPort.postMessage({ type: 'event', event: 'connection', payload: 'awake' })
  if (message.type === 'device') parentPort.postMessage({ type: 'event', event: 'connection', payload: message.state })
  if (message.type === 'stop' && !globalThis.deaf) {
    parentPort.postMessage({ type: 'event', event: 'session', payload: 'closed' })
    parentPort.postMessage({ type: 'stopped' })
  }
})
globalThis.deaf = require('node:worker_threads').workerData === 'deaf'
parentPort.postMessage({ type: 'started' })
`

let running: EngineProcess | null = null

function start(options: Partial<EngineProcessOptions> & { deaf?: boolean } = {}) {
  const log = recordLog()
  const events: unknown[] = []
  const onRestarted = vi.fn<() => void>()
  const engine = new EngineProcess({
    spawn: () => new Worker(ENGINE, { eval: true, workerData: options.deaf ? 'deaf' : null }),
    services: {
      readSecret: async (name) => `secret of ${name}`,
      writeSecret: async () => {
        throw new Error('the key store is locked')
      },
      openBrowser: async () => {},
      cameBack: () => {},
      readAccount: async () => null,
      writeAccount: async () => undefined,
    },
    onEvent: (event, payload) => events.push([event, payload]),
    onNotice: () => undefined,
    onRestarted,
    log,
    ...options,
  })
  running = engine
  engine.start()
  return { engine, log, events, onRestarted }
}

const STOPPED = { ok: false, error: { code: 'internal', details: { because: 'engine_stopped' } } }

beforeEach(() => {
  // Only the timers of main: a thread's own clock and the event loop between them stay real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await running?.stop()
  running = null
})

it('carries calls and their answers, whatever their order', async () => {
  const { engine } = start()
  const results = await Promise.all([
    engine.call('session.get', {}),
    engine.call('inbox.counts', {}),
  ])
  expect(results).toEqual([
    { ok: true, value: expect.any(Number) },
    { ok: true, value: expect.any(Number) },
  ])
})

it('asks for what has changed since what the window holds', async () => {
  const { engine } = start()
  expect(await engine.read('inbox.counts', undefined, 7)).toMatchObject({
    ok: true,
    value: { type: 'read', method: 'inbox.counts', held: 7 },
  })
})

it('passes on that the machine woke up, and what the engine tells', async () => {
  const { engine, events } = start()
  engine.wake()
  await vi.waitFor(() => expect(events).toEqual([['connection', 'awake']]))
})

it('tells an engine that is started again whether somebody is there', async () => {
  const { engine, events } = start()
  engine.setDevice('idle')
  await vi.waitFor(() => expect(events).toEqual([['connection', 'idle']]))
  await engine.call('session.get', { die: true })
  vi.advanceTimersByTime(500)
  await vi.waitFor(() => expect(events).toHaveLength(2))
  expect(events[1]).toEqual(['connection', 'idle'])
})

describe("the engine's requests", () => {
  it('are served', async () => {
    const { engine } = start()
    const ask = { request: 'readSecret', name: 'cache-key' }
    expect(await engine.call('session.get', { ask })).toMatchObject({
      value: { type: 'answer', value: 'secret of cache-key' },
    })
  })

  it('that fail are answered as failures, and logged', async () => {
    const { engine, log } = start()
    const ask = { request: 'writeSecret', name: 'cache-key', value: 'x' }
    expect(await engine.call('session.get', { ask })).toMatchObject({
      value: { type: 'answer', failure: 'the key store is locked' },
    })
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error' }))
  })
})

it("answers a bug of the engine's with an id that finds it in the log", async () => {
  const { engine, log } = start()
  const result = await engine.call('inbox.counts', { crash: true })
  expect(result).toMatchObject({
    ok: false,
    error: { code: 'internal', requestId: expect.any(String) },
  })
  expect(log.lines).toContainEqual({
    level: 'error',
    message: 'the engine failed in inbox.counts',
    details: { requestId: result.ok ? '' : result.error.requestId, message: 'stack of a bug' },
  })
})

describe('an engine that dies', () => {
  it.each([{ die: true }, { throw: true, never: true }])(
    'by %j fails what was asked of it',
    async (how) => {
      const { engine } = start()
      const waiting = engine.call('inbox.counts', { never: true })
      expect(await engine.call('session.get', how)).toEqual(STOPPED)
      expect(await waiting).toEqual(STOPPED)
      expect(await engine.call('session.get', {})).toEqual(STOPPED)
    },
  )

  it('is started again after half a second, and says so', async () => {
    const { engine, onRestarted } = start()
    const first = await engine.call('session.get', {})
    expect(onRestarted).not.toHaveBeenCalled()
    await engine.call('session.get', { die: true })
    vi.advanceTimersByTime(499)
    expect(await engine.call('session.get', {})).toEqual(STOPPED)
    vi.advanceTimersByTime(1)
    const second = await engine.call('session.get', {})
    expect(second).toMatchObject({ ok: true })
    expect(second).not.toEqual(first)
    await vi.waitFor(() => expect(onRestarted).toHaveBeenCalledOnce())
  })

  it('again and again says so, and may be started by the person', async () => {
    const { engine, events } = start()
    for (let death = 0; death < 3; death++) {
      await engine.call('session.get', { die: true })
      if (death < 2) vi.advanceTimersByTime(30_000)
    }
    const told = { state: 'not_opened', reason: 'engine', retryAt: expect.any(String) }
    expect(events).toEqual([['session', expect.objectContaining(told)]])
    expect(await engine.call('session.get', {})).toMatchObject({ ok: true, value: told })
    expect(await engine.call('session.openAgain', {})).toMatchObject({ ok: true, value: told })
    expect(await engine.call('session.get', {})).toEqual({ ok: true, value: expect.any(Number) })
  })

  it('again and again is started later each time, up to half a minute', async () => {
    const { engine, log } = start()
    for (let death = 0; death < 9; death++) {
      await engine.call('session.get', { die: true })
      vi.advanceTimersByTime(30_000)
    }
    const delays = log.lines
      .filter(({ message }) => message === 'the engine ended and is started again')
      .map(({ details }) => (details as { delayMs: number }).delayMs)
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })
})

describe('stopping', () => {
  it('waits until the engine has closed, and leaves no thread', async () => {
    let worker: Worker | undefined
    const { engine, events } = start({
      spawn: () => (worker = new Worker(ENGINE, { eval: true })),
    })
    const ended = vi.fn<() => void>()
    worker?.once('exit', ended)
    await engine.stop()
    expect(events).toEqual([['session', 'closed']])
    expect(ended).toHaveBeenCalledOnce()
    expect(await engine.call('session.get', {})).toEqual(STOPPED)
  })

  it('ends an engine that does not, after five seconds', async () => {
    const { engine, log } = start({ deaf: true })
    await engine.call('session.get', {})
    const stopping = engine.stop()
    vi.advanceTimersByTime(5_000)
    await stopping
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn' }))
  })

  it.each([{}, { die: true }])('starts none again after the call %j', async (input) => {
    const spawn = vi.fn<() => Worker>(() => new Worker(ENGINE, { eval: true }))
    const { engine } = start({ spawn })
    await engine.call('session.get', input)
    await engine.stop()
    vi.advanceTimersByTime(60_000)
    expect(spawn).toHaveBeenCalledOnce()
  })
})
