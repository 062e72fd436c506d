import { beforeEach, describe, expect, it, vi } from 'vitest'

import { FakeContents, app, decisions, resetElectron, session, shell } from './electron.fake.ts'
import { leadNowhere, leadTo } from './dead-end.ts'
import { recordLog } from './log.fake.ts'
import { isLocalRequest, restrictPages, secureWebPreferences } from './security.ts'
import type { Spelling } from './spelling.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const DICTIONARY = 'https://parley.example/dictionaries/es-es-3-0.bdic'

function restrict() {
  const log = recordLog()
  const isOwnRequest: Spelling['isOwnRequest'] = ({ url, webContentsId }) =>
    url === DICTIONARY && webContentsId === undefined
  restrictPages({ isOwnRequest }, log)
  const contents = new FakeContents()
  app.emit('web-contents-created', {}, contents)
  const navigate = (name: string, url: string, isMainFrame = true): boolean => {
    const preventDefault = vi.fn<() => void>()
    contents.emit(name, { url, isMainFrame, preventDefault })
    return preventDefault.mock.calls.length === 0
  }
  return { contents, navigate, log }
}

type Decide = (...args: unknown[]) => unknown
const mayRequest = (permission: string, requestingUrl: string): unknown => {
  let answer: unknown
  const handler = decisions.request as Decide
  handler({}, permission, (allowed: boolean) => (answer = allowed), { requestingUrl })
  return answer
}
const mayCheck = (permission: string, origin: string): unknown =>
  (decisions.check as Decide)({}, permission, origin)

beforeEach(resetElectron)

it('isolates the page from everything', () => {
  app.isPackaged = true
  expect(secureWebPreferences('/p.cjs')).toEqual({
    preload: '/p.cjs',
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInSubFrames: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
    safeDialogs: true,
    spellcheck: true,
    devTools: false,
  })
})

describe('permissions', () => {
  it.each([
    'media',
    'geolocation',
    'notifications',
    'openExternal',
    'clipboard-read',
    'hid',
    'fileSystem',
  ])('denies %s to our own page', (permission) => {
    restrict()
    expect(mayRequest(permission, 'app://parley/index.html')).toBe(false)
    expect(mayCheck(permission, 'app://parley')).toBe(false)
  })

  it('allows the copying of text to our own page and to nobody else', () => {
    restrict()
    const copy = 'clipboard-sanitized-write'
    expect(mayRequest(copy, 'app://parley/index.html')).toBe(true)
    expect(mayCheck(copy, 'app://parley')).toBe(true)
    expect(mayRequest(copy, 'app://parley.evil/')).toBe(false)
    expect(mayCheck(copy, 'https://example.com')).toBe(false)
  })

  it('denies every device', () => {
    restrict()
    expect((decisions.device as Decide)({ deviceType: 'usb' })).toBe(false)
  })
})

describe('navigation', () => {
  it.each(['will-navigate', 'will-redirect'])('%s leads nowhere but to our own page', (name) => {
    const { navigate } = restrict()
    expect(navigate(name, 'app://parley/index.html')).toBe(true)
    expect(navigate(name, 'app://parley/index.html#x')).toBe(true)
    expect(navigate(name, 'app://parley/escalation.html')).toBe(true)
    expect(navigate(name, 'app://parley/window-failed-en.html')).toBe(true)
    for (const url of [
      'https://example.com/',
      'app://parley/preview.html',
      'app://evil/index.html',
      'file:///etc/passwd',
      'data:text/html,x',
      'app://parley/index.html.evil',
    ]) {
      expect([url, navigate(name, url)]).toEqual([url, false])
    }
  })

  it('frames are denied', () => {
    const { navigate } = restrict()
    expect(navigate('will-frame-navigate', 'app://parley/index.html', false)).toBe(false)
    expect(navigate('will-frame-navigate', 'app://parley/index.html', true)).toBe(true)
  })

  it('webviews are denied', () => {
    expect(restrict().navigate('will-attach-webview', 'app://parley/index.html')).toBe(false)
  })
})

describe('new windows', () => {
  it('are denied, and nothing leaves the app by them', () => {
    const { contents, log } = restrict()
    expect(contents.openHandler?.({ url: 'https://example.com/' })).toEqual({ action: 'deny' })
    expect(shell.opened).toEqual([])
    expect(log.lines).toMatchObject([{ level: 'warn' }])
  })
})

it('downloads are denied', () => {
  const { log } = restrict()
  const preventDefault = vi.fn<() => void>()
  session.defaultSession.emit('will-download', { preventDefault }, {}, {})
  expect(preventDefault).toHaveBeenCalledOnce()
  expect(log.lines).toMatchObject([{ level: 'warn' }])
})

describe('what a content security policy does not stop', () => {
  it('goes over UDP not at all', () => {
    expect(restrict().contents.webRtcPolicy).toBe('disable_non_proxied_udp')
  })

  it('goes over TCP to a proxy that is not there, and beside it to the server of the dictionaries alone', async () => {
    leadNowhere()
    expect(Object.fromEntries(app.switches)).toEqual({
      'proxy-server': 'http://127.0.0.1:9',
      'proxy-bypass-list': '<-loopback>',
      'webrtc-ip-handling-policy': 'disable_non_proxied_udp',
    })
    const proxy = {
      mode: 'fixed_servers',
      proxyRules: 'http://127.0.0.1:9',
      proxyBypassRules: '<-loopback>',
    }
    await leadTo(null)
    expect(session.defaultSession.proxy).toEqual(proxy)
    await leadTo('https://parley.example:8443/support')
    expect(session.defaultSession.proxy).toEqual({
      ...proxy,
      proxyBypassRules: '<-loopback>,parley.example:8443',
    })
  })
})

function answerTo(request: { url: string; webContentsId?: number }): unknown {
  let answer: unknown
  ;(decisions.webRequest as Decide)(request, (given: unknown) => (answer = given))
  return answer
}

describe('requests', () => {
  it.each([
    'https://example.com/x',
    'http://127.0.0.1/',
    'wss://example.com/',
    'file:///etc/passwd',
    'ftp://a/',
  ])('of %s are stopped', (url) => {
    const { log } = restrict()
    expect(answerTo({ url })).toEqual({ cancel: true })
    expect(JSON.stringify(log.lines)).not.toContain('example.com')
  })

  it('for a dictionary are let through to our own server, unless a page asks', () => {
    restrict()
    expect(answerTo({ url: DICTIONARY })).toEqual({ cancel: false })
    expect(answerTo({ url: DICTIONARY, webContentsId: 1 })).toEqual({ cancel: true })
  })

  it('are for what is ours, and for developer tools where there are some', () => {
    expect(isLocalRequest('app://parley/index.html')).toBe(true)
    expect(isLocalRequest('devtools://devtools/bundled/x.js')).toBe(true)
    app.isPackaged = true
    expect(isLocalRequest('devtools://devtools/bundled/x.js')).toBe(false)
  })
})
