/// <reference lib="dom" />
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'

import { expect, type ElectronApplication, type Page } from '@playwright/test'

import { eventually } from '../support/eventually.ts'
import { test } from '../support/user-data.ts'
import { workstationCommand } from '../support/workstation.ts'

const CONVERSATION = '01890a5d-ac96-774b-bcce-b302099a8057'

test('opens on the sign-in, with no complaint of the page or its policy', async ({ launch }) => {
  const { page, problems } = await launch()
  await expect(page.locator('html')).toHaveAttribute('data-session', 'signed_out')
  await expect(page.locator('input[type=password]')).toBeVisible()
  await expect(page).toHaveTitle('Parley')
  expect(problems).toEqual([])
})

test('its menus need nothing that the policy stops', async ({ launch }) => {
  const { page, problems } = await launch()
  await page.locator('header').getByRole('button').first().click()
  await expect(page.getByRole('menu')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  expect(problems).toEqual([])
})

test('the policy of the page stops inline code, other origins and frames', async ({ launch }) => {
  const { page } = await launch()
  const outcome = await page.evaluate(async () => {
    const violated: string[] = []
    const allStopped = new Promise<void>((resolve) =>
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        if (violated.push(effectiveDirective) === 3) resolve()
      }),
    )
    const script = document.createElement('script')
    script.textContent = 'window.inlineRan = true'
    document.body.append(script)
    const frame = document.createElement('iframe')
    frame.src = 'https://example.com/'
    document.body.append(frame)
    const reached = await fetch('http://127.0.0.1:9/').then(
      () => true,
      () => false,
    )
    await allStopped
    return { violated: violated.toSorted(), ran: 'inlineRan' in window, reached }
  })
  expect(outcome).toEqual({
    violated: ['connect-src', 'frame-src', 'script-src-elem'],
    ran: false,
    reached: false,
  })
})

test('the page has the bridge and nothing of Node or Electron', async ({ launch }) => {
  const { page } = await launch()
  const seen = await page.evaluate(async () => ({
    session: await window.parley.call('session.get', undefined),
    shell: await window.parley.call('shell.info', undefined),
    unknown: await window.parley.call('engine.eval', 'x'),
    wrong: await window.parley.call('window.showsConversation', { conversationId: '../x' }),
    read: await window.parley.read('session.unsent', undefined, null),
    notShown: await window.parley.read('session.signOut', { discardUnsent: true }, null),
    heldWrong: await window.parley.read('session.unsent', undefined, 'x'),
    globals: ['require', 'process', 'module', 'electron'].filter((name) => name in window),
    isFrozen: Object.isFrozen(window.parley),
  }))
  expect(seen).toMatchObject({
    session: { ok: true, value: { state: 'signed_out', because: 'never_signed_in' } },
    shell: { ok: true, value: { platform: process.platform, maximized: false } },
    unknown: { ok: false, error: { code: 'invalid_input' } },
    wrong: { ok: false, error: { code: 'invalid_input', details: { field: 'conversationId' } } },
    read: { ok: true, value: { id: expect.any(Number), whole: [] } },
    notShown: { ok: false, error: { code: 'invalid_input', details: { field: 'method' } } },
    heldWrong: { ok: false, error: { code: 'invalid_input', details: { field: 'held' } } },
    globals: [],
    isFrozen: true,
  })
})

test("the server that IT has fixed is the page's only one", async ({ launch }) => {
  const { page } = await launch({ serverUrl: 'https://parley.example.test/' })
  const session = await page.evaluate(() => window.parley.call('session.get', undefined))
  expect(session).toMatchObject({
    value: { serverUrl: 'https://parley.example.test', serverLocked: true },
  })
})

test("a new window is denied, whatever it is for; a link that is clicked goes to the system's browser", async ({
  launch,
}) => {
  const { app, page } = await launch()
  await signedOut(page)
  await recordOpened(app)
  await page.evaluate(() => {
    window.open('https://example.com/window')
    window.open('file:///etc/passwd')
    window.open('javascript:void 0')
  })
  // Each is decided in its turn: with the last one done, a window for any of them would be there.
  await page.evaluate(() =>
    document.addEventListener(
      'click',
      () => void window.parley.call('shell.openExternal', { url: 'https://example.com/clicked' }),
    ),
  )
  await page.locator('html').click({ position: { x: 5, y: 300 } })
  const links = ['https://example.com/clicked']
  await eventually(() => opened(app)).toEqual(links)
  expect(await countWindows(app)).toBe(1)
  const answer = await page.evaluate(() =>
    window.parley.call('shell.openExternal', { url: 'file:///etc/passwd' }),
  )
  expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  expect(await opened(app)).toEqual(links)
})

test('a page that says that it was clicked opens nothing, and one that was clicked little', async ({
  launch,
}) => {
  const { app, page } = await launch()
  await signedOut(page)
  await recordOpened(app)
  // What Playwright evaluates counts as a gesture for five seconds: the page waits until that is over.
  const tryMany = (afterMs: number) =>
    page.evaluate(async (waitMs) => {
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      for (let n = 0; n < 20; n += 1)
        await window.parley.call('shell.openExternal', { url: `https://example.com/${n}` })
    }, afterMs)
  await page.evaluate(() =>
    Object.defineProperty(navigator, 'userActivation', { value: { isActive: true } }),
  )
  await tryMany(6000)
  expect(await opened(app)).toEqual([])
  await page.locator('html').click({ position: { x: 5, y: 300 } })
  await tryMany(0)
  expect(await opened(app)).toEqual([0, 1, 2].map((n) => `https://example.com/${n}`))
})

test('nothing leaves the page by WebRTC, over UDP or TCP', async ({ launch }) => {
  let bytes = 0
  const udp = createSocket('udp4').on('message', (message) => (bytes += message.length))
  const tcp = createServer((socket) => socket.on('data', (data) => (bytes += data.length)))
  udp.bind(0, '127.0.0.1')
  tcp.listen(0, '127.0.0.1')
  await Promise.all([once(udp, 'listening'), once(tcp, 'listening')])
  const ports = { udp: udp.address().port, tcp: (tcp.address() as AddressInfo).port }
  const { page } = await launch()
  await signedOut(page)
  const tried = await page.evaluate(async ({ udp: udpPort, tcp: tcpPort }) => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    // Whatever of it is taken out of the page, a new frame has.
    const { RTCPeerConnection: Connection } = frame.contentWindow as Window & typeof globalThis
    const user = { username: 'somebody’s words', credential: 'x' }
    const ways: RTCIceServer[] = [
      { urls: `turn:127.0.0.1:${tcpPort}?transport=tcp`, ...user },
      { urls: `turn:127.0.0.1:${udpPort}`, ...user },
      { urls: `stun:127.0.0.1:${udpPort}` },
    ]
    let count = 0
    for (const way of ways) {
      const peer = new Connection({ iceServers: [way] })
      peer.createDataChannel('out')
      await peer.setLocalDescription(await peer.createOffer())
      const sdp =
        peer.localDescription?.sdp.replaceAll('a=setup:actpass', 'a=setup:active') +
        `a=candidate:1 1 tcp 1518280447 127.0.0.1 ${tcpPort} typ host tcptype passive\r\n` +
        `a=candidate:2 1 udp 2113937151 127.0.0.1 ${udpPort} typ host\r\n`
      await peer.setRemoteDescription({ type: 'answer', sdp })
      await new Promise((resolve) => setTimeout(resolve, 1500))
      peer.close()
      count += 1
    }
    return count
  }, ports)
  udp.close()
  tcp.close()
  expect([tried, bytes]).toEqual([3, 0])
})

test('what it writes is its person’s alone', async ({ launch, userData }) => {
  test.skip(process.platform === 'win32', 'a person’s folder is theirs by itself there')
  const { page, close } = await launch()
  await signedOut(page)
  await close()
  const open = readdirSync(userData, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
  expect([(statSync(userData).mode & 0o777).toString(8), open]).toEqual(['700', []])
})

test('the page cannot be led elsewhere, and can be loaded again', async ({ launch }) => {
  const { app, page } = await launch()
  await signedOut(page)
  const before = page.url()
  await recordRefused(app)
  await page.evaluate(() => {
    location.href = 'https://example.com/'
  })
  await eventually(() => refused(app)).toEqual(['https://example.com/'])
  expect(page.url()).toBe(before)
  await page.evaluate(() => location.reload())
  await signedOut(page)
})

test('a second start hands its link to the first and ends', async ({ launch, userData }) => {
  const { app, page } = await launch()
  await signedOut(page)
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  await eventually(() => isMinimized(app)).toBe(true)
  const link = `parley://conversation/${CONVERSATION}`
  const { command, args, env } = workstationCommand({ userData, args: [link] })
  const second = spawn(command, args, { env, stdio: 'ignore' })
  const [code] = (await once(second, 'exit')) as [number | null]
  expect(code).toBe(0)
  await eventually(() => isMinimized(app)).toBe(false)

  // It waits until a page listens: nobody is signed in yet.
  await page.evaluate(() => {
    window.parley.on('openConversation', ({ conversationId }) => {
      document.title = conversationId
    })
    return window.parley.call('window.showsConversation', { conversationId: null })
  })
  await expect(page).toHaveTitle(CONVERSATION)
})

test('a link to an invitation fills the form, says who will be asked, and sends nothing', async ({
  launch,
  userData,
}) => {
  const { page } = await launch()
  await signedOut(page)
  let asked = 0
  const server = createServer((socket) => {
    asked += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}/join#${'t'.repeat(43)}`
  for (const link of ['parley://join#nonsense', `parley://join#${encodeURIComponent(address)}`]) {
    const { command, args, env } = workstationCommand({ userData, args: [link] })
    await once(spawn(command, args, { env, stdio: 'ignore' }), 'exit')
  }
  await expect(page.getByRole('textbox', { name: 'Enlace' })).toHaveValue(address)
  await expect(page.locator('[data-join-server]')).toContainText(`127.0.0.1:${port}`)
  expect(asked).toBe(0)
  server.close()
})

test('the window comes back where and as large as it was', async ({ launch }) => {
  const first = await launch()
  await signedOut(first.page)
  const bounds = { x: 60, y: 50, width: 1180, height: 720 }
  await first.app.evaluate(({ BrowserWindow }, wanted) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(wanted)
  }, bounds)
  await eventually(() => first.page.evaluate(() => innerWidth)).toBe(bounds.width)
  await first.close()

  const second = await launch()
  await signedOut(second.page)
  const seen = await second.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  )
  expect(seen).toEqual(bounds)
})

test('a theme and a language stay chosen, and the window takes them', async ({ launch }) => {
  const first = await launch()
  await first.page.evaluate(() =>
    window.parley.call('preferences.set', { theme: 'dark', language: 'en' }),
  )
  await expect(first.page.locator('html')).toHaveAttribute('lang', 'en')
  await first.close()

  const second = await launch()
  await expect(second.page.locator('html')).toHaveAttribute('lang', 'en')
  const isDark = await second.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)
  expect(isDark).toBe(true)
  expect(await second.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(
    true,
  )
})

test('preferences that cannot be read are kept aside, and the workstation starts', async ({
  launch,
  userData,
}) => {
  writeFileSync(join(userData, 'preferences.json'), '{"theme":')
  const { page } = await launch()
  await expect(page.locator('html')).toHaveAttribute('lang', 'es-MX')
  expect(readFileSync(join(userData, 'preferences.json.bad'), 'utf8')).toBe('{"theme":')
})

test('a page that crashes is loaded again; one that crashes again is explained', async ({
  launch,
}) => {
  const { app, page } = await launch()
  await signedOut(page)
  await page.evaluate(() => document.documentElement.setAttribute('data-session', 'the first page'))
  await crash(app)
  await eventually(() => sessionIn(app)).toBe('signed_out')
  expect(await urlOf(app)).toBe('app://parley/index.html')
  await crash(app)
  await eventually(() => urlOf(app)).toBe('app://parley/window-failed-es.html')
})

test('the log tells of the start and names nobody', async ({ launch, userData }) => {
  const { page, close } = await launch()
  await signedOut(page)
  await page.evaluate(() =>
    window.parley.call('session.signIn', {
      serverUrl: 'http://127.0.0.1:9',
      email: 'paola@example.test',
      password: 'correct horse',
    }),
  )
  await close()
  const log = readFileSync(join(userData, 'logs/main.log'), 'utf8')
  expect(log).toContain('Parley starts')
  expect(log).not.toMatch(/paola|correct horse/)
})

/** `window.parley` as these tests call it: wrong calls included. */
interface LooseBridge {
  call(method: string, input: unknown): Promise<unknown>
  read(method: string, input: unknown, held: unknown): Promise<unknown>
  on(event: 'openConversation', listener: (payload: { conversationId: string }) => void): () => void
}
declare global {
  interface Window {
    parley: LooseBridge
  }
}

async function signedOut(page: Page): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-session', 'signed_out')
}

/** On Electron and the stand-in alike, and with no browser opened on either. */
async function recordOpened(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ shell }) => {
    const seen: string[] = []
    Object.assign(globalThis, { openedLinks: seen })
    shell.openExternal = async (url: string) => void seen.push(url)
  })
}

function opened(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => (globalThis as unknown as { openedLinks: string[] }).openedLinks)
}

/** Where the page wanted to go when everybody in main had been asked, and was not let. */
async function recordRefused(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    const seen: string[] = []
    Object.assign(globalThis, { refusedUrls: seen })
    BrowserWindow.getAllWindows()[0]?.webContents.on('will-navigate', (event) => {
      if (event.defaultPrevented) seen.push(event.url)
    })
  })
}

function refused(app: ElectronApplication): Promise<string[]> {
  return app.evaluate(() => (globalThis as unknown as { refusedUrls: string[] }).refusedUrls)
}

function isMinimized(app: ElectronApplication): Promise<boolean | undefined> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())
}

function countWindows(app: ElectronApplication): Promise<number> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
}

async function crash(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
  )
}

function urlOf(app: ElectronApplication): Promise<string | undefined> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL())
}

/** Asked through main: Playwright counts a page that has crashed as lost. */
function sessionIn(app: ElectronApplication): Promise<unknown> {
  return app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]
      ?.webContents.executeJavaScript('document.documentElement.dataset.session')
      .catch(() => 'crashed'),
  )
}
