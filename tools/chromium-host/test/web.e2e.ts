import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '@playwright/test'
import { events, test } from './fixture-app.ts'

const openedExternal = (): string[] => globalThis.__electronHost.log.openedExternal

test('app:// is a secure context, and its response headers rule the page', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const outside = await fetch('https://example.com/').then(String, (error: Error) => error.name)
    // In a task of its own: a call by DevTools may evaluate what the policy forbids to the page.
    await new Promise((resolve) => setTimeout(resolve))
    let evalError = ''
    try {
      new Function('return 1')()
    } catch (error) {
      evalError = (error as Error).name
    }
    return { secure: isSecureContext, inlineRan: 'inlineRan' in window, evalError, outside }
  })
  expect(seen).toEqual({
    secure: true,
    inlineRan: false,
    evalError: 'EvalError',
    outside: 'TypeError',
  })
})

test('the protocol handler serves posted bytes, workers and missing files', async ({ page }) => {
  const seen = await page.evaluate(async () => {
    const reply = await fetch('/echo', { method: 'POST', body: new Uint8Array([0, 200, 255]) })
    const worker = new Worker('/worker.js')
    const fromWorker = await new Promise(
      (resolve) => (worker.onmessage = (event) => resolve(event.data)),
    )
    const missing = await fetch('/missing.html').then(
      (response) => response.status,
      (error: Error) => error.name,
    )
    return { echoed: [...new Uint8Array(await reply.arrayBuffer())], fromWorker, missing }
  })
  expect(seen).toEqual({ echoed: [0, 200, 255], fromWorker: 200, missing: 'TypeError' })
})

test('main fetches files and http', async ({ electronApp }) => {
  const server = http
    .createServer((request, response) => response.end(`hello ${request.method}`))
    .listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const port = (server.address() as AddressInfo).port
  const seen = await electronApp.evaluate(async ({ net }, url) => {
    const missing = await net
      .fetch('file:///no/such/file')
      .then(String, (error: Error) => error.message)
    return { http: await (await net.fetch(url)).text(), missing }
  }, `http://127.0.0.1:${port}/`)
  server.close()
  expect(seen).toEqual({ http: 'hello GET', missing: 'net::ERR_FILE_NOT_FOUND' })
})

for (const modifiers of [[], ['Control']] as 'Control'[][]) {
  test(`a denied window never opens, and its link goes outside: ${['click', ...modifiers].join(' with ')}`, async ({
    electronApp,
    page,
  }) => {
    await page.getByRole('link', { name: 'a new window' }).click({ modifiers })
    await expect
      .poll(() => electronApp.evaluate(openedExternal))
      .toEqual(['https://example.com/link'])
    await expect.poll(() => electronApp.windows().length).toBe(1)
    expect(
      await electronApp.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
    ).toBe(1)
  })
}

test('window.open without a gesture is asked about too, and gets no page', async ({
  electronApp,
  page,
}) => {
  await electronApp.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()[0]
      ?.executeJavaScript("void window.open('https://example.com/scripted')"),
  )
  await expect
    .poll(() => electronApp.evaluate(openedExternal))
    .toEqual(['https://example.com/scripted'])
  // The opener's script went on, and nothing stayed open.
  expect(await page.evaluate(() => document.title)).toBe('Fixture')
  await expect.poll(() => electronApp.windows().length).toBe(1)
})

test('an allowed window becomes a BrowserWindow', async ({ electronApp, page }) => {
  await electronApp.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.webContents.setWindowOpenHandler(() => ({
      action: 'allow',
      overrideBrowserWindowOptions: { width: 400, height: 300 },
    }))
  })
  const opened = electronApp.waitForEvent('window')
  await page.evaluate(() => void window.open('/other.html'))
  await expect((await opened).getByRole('heading')).toHaveText('Other')
  expect(
    await electronApp.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()),
    ),
  ).toContain('app://fixture/other.html')
})

test('will-navigate keeps the page where it is, and lets its own links pass', async ({
  electronApp,
  page,
}) => {
  await page.getByRole('link', { name: 'leave' }).click()
  await expect
    .poll(() => events(electronApp, 'will-navigate'))
    .toEqual([['will-navigate', 'https://example.com/away', true]])
  await expect(page.getByRole('heading')).toHaveText('Fixture')

  await page.getByRole('link', { name: 'stay within' }).click()
  await expect(page.getByRole('heading')).toHaveText('Other')
  expect(
    await electronApp.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getURL()),
  ).toBe('app://fixture/other.html')
})

test('will-redirect is asked about a redirection', async ({ electronApp, page }) => {
  await page.getByRole('link', { name: 'be redirected' }).click()
  await expect
    .poll(() => events(electronApp, 'will-redirect'))
    .toEqual([['will-redirect', 'https://example.com/redirected']])
  await expect(page.getByRole('heading')).toHaveText('Fixture')
})

test("main's own loads and reloads are not announced, and fail with Chromium's code", async ({
  electronApp,
  page,
}) => {
  const outcome = await electronApp.evaluate(async ({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0] as Electron.BrowserWindow
    const failure = await window
      .loadURL('http://127.0.0.1:1/')
      .then(String, (error: Error) => error.message)
    await window.loadURL('app://fixture/other.html')
    const reloaded = new Promise((resolve) =>
      window.webContents.once('did-finish-load', () => resolve(window.webContents.getURL())),
    )
    window.webContents.reload()
    return { failure, reloaded: await reloaded }
  })
  expect(outcome.failure).toMatch(
    /^ERR_(UNSAFE_PORT|CONNECTION_REFUSED) \(-\d+\) loading 'http:\/\/127\.0\.0\.1:1\/'$/,
  )
  expect(outcome.reloaded).toBe('app://fixture/other.html')
  await expect(page.getByRole('heading')).toHaveText('Other')
  expect(await events(electronApp, 'will-navigate')).toEqual([])
})

test('a renderer that crashes is told of and comes back by reload', async ({
  electronApp,
  page,
}) => {
  const details = await electronApp.evaluate(async ({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0] as Electron.BrowserWindow
    const gone = new Promise<{ reason: string }>((resolve) =>
      webContents.once('render-process-gone', (_event, why) => resolve(why)),
    )
    webContents.forcefullyCrashRenderer()
    const { reason } = await gone
    const loaded = new Promise((resolve) =>
      webContents.once('did-finish-load', () => resolve(true)),
    )
    webContents.reload()
    return {
      reason,
      loaded: await loaded,
      sum: await webContents.executeJavaScript('window.api.add(1, 2)'),
    }
  })
  expect(details).toEqual({ reason: 'crashed', loaded: true, sum: 3 })
  expect(page.isClosed()).toBe(false)
})
