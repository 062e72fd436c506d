import { expect } from '@playwright/test'
import { events, openWindow, test } from './fixture-app.ts'

const contentSize = (): number[] => [window.innerWidth, window.innerHeight]

test('a window has the content size that it asks for, and so has its screenshot', async ({
  electronApp,
  page,
}) => {
  expect(await page.evaluate(contentSize)).toEqual([700, 500])
  const picture = await page.screenshot()
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([700, 500])

  const window = await electronApp.browserWindow(page)
  await window.evaluate((it: Electron.BrowserWindow) =>
    it.setBounds({ x: 30, y: 40, width: 620, height: 410 }),
  )
  await expect.poll(() => page.evaluate(contentSize)).toEqual([620, 410])
  // Its page may have the size before Chromium has told of the frame around it.
  const bounds = { x: 30, y: 40, width: 620, height: 410 }
  await expect
    .poll(() => window.evaluate((it: Electron.BrowserWindow) => it.getBounds()))
    .toEqual(bounds)
  // As often as the system tells of it on the way.
  const resizes = await events(electronApp, 'resize')
  expect(resizes.length).toBeGreaterThan(0)
  expect(new Set(resizes.map(String))).toEqual(new Set(['resize,1']))
  const size = await window.evaluate(async (it: Electron.BrowserWindow) =>
    (await it.capturePage()).getSize(),
  )
  expect(size).toEqual({ width: 620, height: 410 })
})

test('maximise, restore and minimise are told and remembered', async ({ electronApp, page }) => {
  const window = await electronApp.browserWindow(page)
  const state = (): Promise<unknown> =>
    window.evaluate((it: Electron.BrowserWindow) => ({
      maximized: it.isMaximized(),
      minimized: it.isMinimized(),
      normal: it.getNormalBounds().width,
    }))

  await window.evaluate((it: Electron.BrowserWindow) => it.maximize())
  await expect.poll(() => events(electronApp, 'maximize')).toHaveLength(1)
  expect(await state()).toEqual({ maximized: true, minimized: false, normal: 700 })
  expect((await page.evaluate(contentSize))[0]).toBeGreaterThan(700)

  await window.evaluate((it: Electron.BrowserWindow) => it.unmaximize())
  await expect.poll(() => events(electronApp, 'unmaximize')).toHaveLength(1)
  expect(await page.evaluate(contentSize)).toEqual([700, 500])

  await window.evaluate((it: Electron.BrowserWindow) => it.minimize())
  await expect.poll(() => events(electronApp, 'minimize')).toHaveLength(1)
  expect(await state()).toEqual({ maximized: false, minimized: true, normal: 700 })

  await window.evaluate((it: Electron.BrowserWindow) => it.restore())
  await expect.poll(() => events(electronApp, 'restore')).toHaveLength(1)
})

test('focus moves between windows, and a hidden one has none', async ({ electronApp, page }) => {
  await openWindow(electronApp, 'second')
  const focusedId = (): Promise<number | undefined> =>
    electronApp.evaluate(({ BrowserWindow }) => BrowserWindow.getFocusedWindow()?.id)
  await expect.poll(focusedId).toBe(2)
  const first = await electronApp.browserWindow(page)
  await first.evaluate((it: Electron.BrowserWindow) => it.focus())
  expect(await focusedId()).toBe(1)
  expect(await events(electronApp, 'blur')).toContainEqual(['blur', 2])

  await first.evaluate((it: Electron.BrowserWindow) => it.hide())
  expect(
    await first.evaluate((it: Electron.BrowserWindow) => [
      it.isVisible(),
      it.isFocused(),
      it.isMinimized(),
    ]),
  ).toEqual([false, false, false])
  await first.evaluate((it: Electron.BrowserWindow) => it.show())
  expect(
    await first.evaluate((it: Electron.BrowserWindow) => [
      it.isVisible(),
      it.isFocused(),
      it.isMinimized(),
    ]),
  ).toEqual([true, true, false])
  expect(await events(electronApp, 'hide')).toEqual([['hide', 1]])
  expect(await events(electronApp, 'minimize')).toEqual([])
})

test('a small window above all others comes without the focus, and may sound unasked', async ({
  electronApp,
  page,
}) => {
  const opened = electronApp.waitForEvent('window')
  await electronApp.evaluate(({ BrowserWindow }) => {
    const window = new BrowserWindow({
      width: 372,
      height: 200,
      frame: false,
      show: false,
      closable: false,
      alwaysOnTop: true,
      webPreferences: { autoplayPolicy: 'no-user-gesture-required' },
    })
    window.setAlwaysOnTop(true, 'screen-saver')
    window.setVisibleOnAllWorkspaces(true)
    window.once('ready-to-show', () => window.showInactive())
    return window.loadURL('app://fixture/other.html')
  })
  const small = await opened
  await expect(small).toHaveTitle('Other')
  const window = await electronApp.browserWindow(small)
  await expect
    .poll(() => window.evaluate((it: Electron.BrowserWindow) => it.isVisible()))
    .toBe(true)
  expect(
    await window.evaluate((it: Electron.BrowserWindow) => [
      it.isFocused(),
      it.isAlwaysOnTop(),
      it.isVisibleOnAllWorkspaces(),
    ]),
  ).toEqual([false, true, true])
  const first = await electronApp.browserWindow(page)
  expect(await first.evaluate((it: Electron.BrowserWindow) => it.isFocused())).toBe(true)
  expect(await small.evaluate(() => new AudioContext().state)).toBe('running')
  await window.evaluate((it: Electron.BrowserWindow) => it.setBounds({ height: 301 }))
  await expect.poll(() => small.evaluate(contentSize)).toEqual([372, 301])
})

test('a policy of sounding that would not hold is refused', async ({ electronApp, page }) => {
  const failure = electronApp.evaluate(({ BrowserWindow }) => {
    const webPreferences = { autoplayPolicy: 'user-gesture-required' } as const
    return new BrowserWindow({ webPreferences }).id
  })
  await expect(failure).rejects.toThrow(/autoplayPolicy/)
  expect(page.isClosed()).toBe(false)
})

test('zooming gives the page fewer and larger pixels', async ({ electronApp, page }) => {
  const window = await electronApp.browserWindow(page)
  await window.evaluate((it: Electron.BrowserWindow) => it.webContents.setZoomFactor(1.25))
  await expect.poll(() => page.evaluate(contentSize)).toEqual([560, 400])
  await window.evaluate((it: Electron.BrowserWindow) => it.setContentSize(1000, 500))
  await expect.poll(() => page.evaluate(contentSize)).toEqual([800, 400])
  await window.evaluate((it: Electron.BrowserWindow) => it.webContents.setZoomFactor(1))
  await expect.poll(() => page.evaluate(contentSize)).toEqual([1000, 500])
})

test('the theme reaches the open window and the next one', async ({ electronApp, page }) => {
  const background = (): string => getComputedStyle(document.body).backgroundColor
  expect(await page.evaluate(background)).toBe('rgb(250, 250, 250)')
  expect(await page.evaluate(() => window.api.invoke('theme', 'dark'))).toBe(true)
  await expect.poll(() => page.evaluate(background)).toBe('rgb(20, 20, 20)')
  const second = await openWindow(electronApp, 'second')
  await expect.poll(() => second.evaluate(background)).toBe('rgb(20, 20, 20)')
  await page.evaluate(() => window.api.invoke('theme', 'light'))
  await expect.poll(() => page.evaluate(background)).toBe('rgb(250, 250, 250)')
})

test('a close can be prevented, and goes through once it is not', async ({ electronApp, page }) => {
  const second = await openWindow(electronApp, 'second')
  const window = await electronApp.browserWindow(second)
  await window.evaluate((it: Electron.BrowserWindow) => {
    it.once('close', (event) => event.preventDefault())
    it.close()
  })
  // By the time that another one, asked after it, has closed it would have, too.
  const third = await openWindow(electronApp, 'third')
  const another = await electronApp.browserWindow(third)
  await another.evaluate((it: Electron.BrowserWindow) => it.close())
  await expect.poll(() => events(electronApp, 'closed')).toEqual([['closed', 3]])
  expect(second.isClosed()).toBe(false)
  const closed = second.waitForEvent('close')
  await window.evaluate((it: Electron.BrowserWindow) => it.close())
  await closed
  await expect
    .poll(() => events(electronApp, 'closed'))
    .toEqual([
      ['closed', 3],
      ['closed', 2],
    ])
  expect(
    await electronApp.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ id }) => id),
    ),
  ).toEqual([1])
  expect(page.isClosed()).toBe(false)
})

for (const closer of ['the test runner', 'Chromium'] as const) {
  test(`a window closed by ${closer} is told with 'close' and 'closed'`, async ({
    electronApp,
    page,
  }) => {
    const second = await openWindow(electronApp, 'second')
    if (closer === 'Chromium')
      await (await electronApp.context().newCDPSession(second)).send('Page.close')
    else await second.close()
    await expect.poll(() => events(electronApp, 'closed')).toEqual([['closed', 2]])
    expect(await events(electronApp, 'close')).toEqual([['close', 2]])
    expect(page.isClosed()).toBe(false)
  })
}

test('what the desktop is asked for is recorded', async ({ electronApp, page }) => {
  const recorded = await electronApp.evaluate(
    async ({ app, BrowserWindow, dialog, Menu, nativeImage, Tray }) => {
      const dot =
        'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAEUlEQVR4nGNgYGD4D8VgAAAQBAEAkWz8YQAAAABJRU5ErkJggg=='
      const icon = nativeImage.createFromBuffer(Buffer.from(dot, 'base64'), { scaleFactor: 2 })
      const tray = new Tray(icon)
      tray.setToolTip('2 waiting')
      tray.setContextMenu(Menu.buildFromTemplate([{ label: 'Show' }]))
      app.setBadgeCount(3)
      BrowserWindow.getAllWindows()[0]?.flashFrame(true)
      let clicked = 0
      Menu.setApplicationMenu(
        Menu.buildFromTemplate([
          { label: 'File', submenu: [{ id: 'new', label: 'New', click: () => clicked++ }] },
        ]),
      )
      ;(Menu.getApplicationMenu()?.getMenuItemById('new') as Electron.MenuItem).click()
      const { response } = await dialog.showMessageBox({
        message: 'Sure?',
        buttons: ['Delete', 'Cancel'],
      })
      const { log } = globalThis.__electronHost
      return {
        badge: [app.getBadgeCount(), log.badge],
        toolTip: log.trays[0]?.toolTip,
        icon: (log.trays[0]?.image as Electron.NativeImage).getSize(),
        menu: (log.trays[0]?.menu as Electron.Menu).items.map(({ label }) => label),
        flashing: log.flashing,
        clicked,
        response,
        dialogs: log.dialogs.map(({ kind }) => kind),
      }
    },
  )
  expect(recorded).toEqual({
    badge: [3, 3],
    toolTip: '2 waiting',
    icon: { width: 1, height: 1 },
    menu: ['Show'],
    flashing: [1],
    clicked: 1,
    response: 1,
    dialogs: ['message'],
  })
  expect(page.isClosed()).toBe(false)
})

test('safeStorage is that of a system without a key ring', async ({ electronApp, page }) => {
  const seen = await electronApp.evaluate(({ safeStorage }) => {
    const before = safeStorage.isEncryptionAvailable()
    safeStorage.setUsePlainTextEncryption(true)
    const secret = safeStorage.encryptString('geheim')
    return {
      before,
      backend: safeStorage.getSelectedStorageBackend(),
      readable: secret.toString('latin1').includes('geheim'),
      back: safeStorage.decryptString(secret),
    }
  })
  expect(seen).toEqual({ before: false, backend: 'basic_text', readable: false, back: 'geheim' })
  expect(page.isClosed()).toBe(false)
})
