import { IPC } from '@parley/contracts'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { openBridge, type BridgeOptions, type ShellHandlers } from './bridge.ts'
import { FakeContents, ipcMain, resetElectron } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const CONVERSATION = '01890a5d-ac96-774b-bcce-b302099a8057'

function open() {
  const contents = new FakeContents()
  const log = recordLog()
  const askEngine = vi.fn<BridgeOptions['askEngine']>(async () => ({
    ok: true,
    value: 'from the engine',
  }))
  const readEngine = vi.fn<BridgeOptions['readEngine']>(async () => ({
    ok: true,
    value: { id: 2, whole: 'from the engine' },
  }))
  const showsConversation = vi.fn<ShellHandlers['window.showsConversation']>(() => null)
  const openExternal = vi.fn<ShellHandlers['shell.openExternal']>(() => null)
  const shell = {
    'shell.openExternal': openExternal,
    'window.showsConversation': showsConversation,
    'window.close': () => {
      throw new Error('a bug that knows a secret')
    },
  } as unknown as ShellHandlers
  openBridge({
    isOurs: (given) => given === (contents as unknown),
    askEngine,
    readEngine,
    shell,
    log,
  })
  const handler = ipcMain.handlers.get(IPC.call) as (...args: unknown[]) => Promise<unknown>
  const reader = ipcMain.handlers.get(IPC.read) as typeof handler
  const callFrom = (event: object, method: unknown, input?: unknown) =>
    handler(event, method, input)
  const ourPage = () => ({ sender: contents, senderFrame: contents.mainFrame })
  const call = (method: unknown, input?: unknown) => callFrom(ourPage(), method, input)
  const readFrom = (event: object, ...asked: unknown[]) => reader(event, ...asked)
  const read = (...asked: unknown[]) => readFrom(ourPage(), ...asked)
  return {
    contents,
    log,
    askEngine,
    readEngine,
    showsConversation,
    openExternal,
    call,
    callFrom,
    read,
    readFrom,
  }
}

beforeEach(resetElectron)

describe('who may call', () => {
  it.each([
    ['a frame that is gone', () => null],
    ['a frame within the page', (main: object) => ({ ...main, parent: main })],
  ])('refuses %s', async (_who, frameOf) => {
    const { contents, callFrom, askEngine } = open()
    const event = { sender: contents, senderFrame: frameOf(contents.mainFrame) }
    expect(await callFrom(event, 'session.get')).toEqual({
      ok: false,
      error: { code: 'forbidden', details: {} },
    })
    expect(askEngine).not.toHaveBeenCalled()
  })

  it.each(['https://example.com', 'app://parley.example', 'null', 'file://'])(
    'refuses the origin %s in our own window',
    async (origin) => {
      const { contents, call, askEngine } = open()
      contents.mainFrame.origin = origin
      expect(await call('session.get')).toMatchObject({ error: { code: 'forbidden' } })
      expect(askEngine).not.toHaveBeenCalled()
    },
  )

  it('refuses our origin in a window that is not ours', async () => {
    const { callFrom, askEngine } = open()
    const foreign = new FakeContents()
    const event = { sender: foreign, senderFrame: foreign.mainFrame }
    expect(await callFrom(event, 'session.get')).toMatchObject({ error: { code: 'forbidden' } })
    expect(askEngine).not.toHaveBeenCalled()
  })
})

describe('what may be called', () => {
  it.each(['engine.eval', 'toString', '__proto__', 'constructor', '', null, undefined, 7, {}])(
    'refuses the method %s',
    async (method) => {
      const { call, askEngine } = open()
      expect(await call(method)).toMatchObject({
        ok: false,
        error: { code: 'invalid_input', details: { field: 'method' } },
      })
      expect(askEngine).not.toHaveBeenCalled()
    },
  )

  it.each([
    ['conversation.reply', { conversationId: CONVERSATION, text: '' }, 'text'],
    ['conversation.reply', { conversationId: CONVERSATION, text: 'a\u0000b' }, 'text'],
    ['conversation.get', { conversationId: "' OR 1=1" }, 'conversationId'],
    ['session.get', {}, ''],
    ['shell.openExternal', { url: 'file:///etc/passwd' }, 'url'],
    ['shell.openExternal', { url: 'javascript:alert(1)' }, 'url'],
    ['window.showsConversation', undefined, ''],
  ])('refuses a wrong input of %s: %j', async (method, input, field) => {
    const { call, askEngine } = open()
    expect(await call(method, input)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', details: { field } },
    })
    expect(askEngine).not.toHaveBeenCalled()
  })

  it('gives the engine what was parsed, and nothing that was not asked for', async () => {
    const { call, askEngine } = open()
    const input = { conversationId: CONVERSATION.toUpperCase(), smuggled: true }
    expect(await call('conversation.get', input)).toEqual({ ok: true, value: 'from the engine' })
    expect(askEngine).toHaveBeenCalledExactlyOnceWith('conversation.get', {
      conversationId: CONVERSATION,
    })
  })

  it('tells whether a person has just done something in the page that asks, whatever that says of itself', async () => {
    const { call, contents, openExternal } = open()
    for (const hasGesture of [true, false]) {
      contents.hasGesture = hasGesture
      await call('shell.openExternal', { url: 'https://example.com/' })
      expect(await openExternal.mock.lastCall?.[1].hasGesture()).toBe(hasGesture)
    }
  })

  it('answers for the shell itself', async () => {
    const { call, askEngine, showsConversation } = open()
    const input = { conversationId: null }
    expect(await call('window.showsConversation', input)).toEqual({ ok: true, value: null })
    expect(showsConversation).toHaveBeenCalledExactlyOnceWith(input, expect.anything())
    expect(askEngine).not.toHaveBeenCalled()
  })
})

it('answers a bug with an id that finds it in the log, and with nothing of it', async () => {
  const { call, log } = open()
  const result = (await call('window.close')) as { error: { requestId: string } }
  expect(result).toEqual({
    ok: false,
    error: { code: 'internal', details: {}, requestId: expect.stringMatching(/^[0-9a-f]{8}$/) },
  })
  expect(log.lines).toEqual([
    {
      level: 'error',
      message: 'main failed in window.close',
      details: {
        requestId: result.error.requestId,
        stack: expect.stringContaining('a bug that knows a secret'),
      },
    },
  ])
})

describe('what may be read', () => {
  it('is told who reads, what, and what they hold', async () => {
    const { read, readEngine, askEngine } = open()
    const input = { conversationId: CONVERSATION.toUpperCase(), smuggled: true }
    const value = { id: 2, whole: 'from the engine' }
    for (const held of [null, 1, 2 ** 48]) {
      expect(await read('conversation.get', input, held)).toEqual({ ok: true, value })
      const parsed = { conversationId: CONVERSATION }
      expect(readEngine).toHaveBeenLastCalledWith('conversation.get', parsed, held)
    }
    expect(askEngine).not.toHaveBeenCalled()
  })

  it('is refused to a page that is not ours', async () => {
    const { contents, read, readFrom, readEngine } = open()
    const foreign = new FakeContents()
    const event = { sender: foreign, senderFrame: foreign.mainFrame }
    expect(await readFrom(event, 'offers.list', undefined, null)).toMatchObject({
      error: { code: 'forbidden' },
    })
    contents.mainFrame.origin = 'https://example.com'
    expect(await read('offers.list', undefined, null)).toMatchObject({
      error: { code: 'forbidden' },
    })
    expect(readEngine).not.toHaveBeenCalled()
  })

  it.each([
    ['engine.eval', undefined, null, 'method'],
    ['__proto__', undefined, null, 'method'],
    // They do something.
    ['session.signOut', { discardUnsent: true }, null, 'method'],
    ['conversation.reply', { conversationId: CONVERSATION, text: 'a' }, null, 'method'],
    ['window.close', undefined, null, 'method'],
    ['conversation.get', { conversationId: "' OR 1=1" }, null, 'conversationId'],
    ['offers.list', undefined, undefined, 'held'],
    ['offers.list', undefined, '1', 'held'],
    ['offers.list', undefined, 1.5, 'held'],
    ['offers.list', undefined, { id: 1 }, 'held'],
  ])('is not %s with %j, holding %j', async (method, input, held, field) => {
    const { read, readEngine } = open()
    expect(await read(method, input, held)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', details: { field } },
    })
    expect(readEngine).not.toHaveBeenCalled()
  })
})
