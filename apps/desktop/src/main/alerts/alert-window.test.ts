import { IPC } from '@parley/contracts'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { BrowserWindow, app, resetElectron, screen } from '../electron.fake.ts'
import { recordLog } from '../log.fake.ts'
import { AlertWindow } from './alert-window.ts'

vi.mock('electron', () => import('../electron.fake.ts'))

const PAGE = 'app://parley/escalation.html'

function open({
  platform = 'linux',
  isHeld = false,
}: { platform?: NodeJS.Platform; isHeld?: boolean } = {}) {
  const log = recordLog()
  const alertWindow = new AlertWindow({
    preload: '/preload.cjs',
    platform,
    language: () => 'es',
    log,
  })
  if (!isHeld) alertWindow.release()
  return { alertWindow, log }
}
const windows = () => BrowserWindow.all.filter(({ destroyed }) => !destroyed)
function only(): BrowserWindow {
  const [window, ...others] = windows()
  if (window === undefined || others.length > 0) throw new Error('there is not one window')
  return window
}

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

describe('the window', () => {
  it('stands above all others in the corner, and never takes the focus', () => {
    const { alertWindow } = open()
    alertWindow.show(true)
    const window = only()
    expect(window.options).toMatchObject({
      x: 1920 - 372 - 16,
      y: 16,
      width: 372,
      show: false,
      frame: false,
      resizable: false,
      closable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
    })
    expect([window.loaded, window.isShown]).toEqual([[PAGE], false])
    window.emit('ready-to-show')
    expect([window.isShown, window.focused]).toEqual([true, false])
    expect([window.level, window.isEverywhere]).toEqual(['screen-saver', true])
  })

  it('is as safe as the other one, and may sound unasked', () => {
    const { alertWindow } = open()
    alertWindow.show(true)
    expect(only().options.webPreferences).toMatchObject({
      preload: '/preload.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      autoplayPolicy: 'no-user-gesture-required',
      backgroundThrottling: false,
    })
  })

  it('is a panel on macOS, which is on every desktop by itself', () => {
    const { alertWindow } = open({ platform: 'darwin' })
    alertWindow.show(true)
    expect([only().options.type, only().isEverywhere]).toEqual(['panel', false])
  })

  it('waits for the workstation’s own at a start', () => {
    const { alertWindow } = open({ isHeld: true })
    alertWindow.show(true)
    expect(windows()).toHaveLength(0)
    alertWindow.release()
    alertWindow.release()
    expect(windows()).toHaveLength(1)
    const other = open({ isHeld: true }).alertWindow
    other.show(true)
    other.show(false)
    other.release()
    expect(windows()).toHaveLength(1)
  })

  it('is one, from the first escalation to the last', () => {
    const { alertWindow } = open()
    alertWindow.show(true)
    alertWindow.show(true)
    expect(windows()).toHaveLength(1)
    alertWindow.show(false)
    vi.advanceTimersByTime(0)
    expect(windows()).toHaveLength(0)
    alertWindow.show(true)
    expect(windows()).toHaveLength(1)
  })

  it('comes back when something else has closed it, but not when the app ends', () => {
    const { alertWindow } = open()
    alertWindow.show(true)
    only().close()
    vi.advanceTimersByTime(0)
    only()
    app.emit('before-quit')
    only().close()
    vi.advanceTimersByTime(0)
    expect(windows()).toHaveLength(0)
  })

  it('is as high as its content, and no higher than the display', () => {
    const { alertWindow } = open()
    alertWindow.show(true)
    alertWindow.fit(301.5)
    expect(only().bounds).toEqual({ x: 1532, y: 16, width: 372, height: 302 })
    alertWindow.fit(5000)
    expect(only().bounds.height).toBe(1040 - 32)
    screen.display = { id: 1, workArea: { x: 100, y: 30, width: 1000, height: 500 } }
    screen.emit('display-metrics-changed')
    expect(only().bounds).toEqual({ x: 712, y: 46, width: 372, height: 468 })
  })

  it('hears what the pages are told, while it is there', () => {
    const { alertWindow } = open()
    alertWindow.send('openAlerts', {})
    alertWindow.show(true)
    const { webContents } = only()
    alertWindow.send('openAlerts', {})
    expect(webContents.sent).toEqual([[IPC.event, 'openAlerts', {}]])
    expect(alertWindow.owns(webContents as never)).toBe(true)
    alertWindow.show(false)
    expect(alertWindow.owns(webContents as never)).toBe(false)
  })
})

describe('its page', () => {
  it('is loaded again when it is gone, and after a rest when it goes twice', () => {
    const { alertWindow, log } = open()
    alertWindow.show(true)
    const window = only()
    const crash = (): void => {
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
      vi.advanceTimersByTime(0)
    }
    crash()
    expect(window.loaded).toEqual([PAGE, PAGE])
    crash()
    expect(window.loaded).toHaveLength(2)
    vi.advanceTimersByTime(60_000)
    expect(window.loaded).toHaveLength(3)
    expect(log.lines).toHaveLength(3)
    crash()
    crash()
    alertWindow.show(false)
    vi.advanceTimersByTime(60_000)
    expect(window.loaded).toHaveLength(4)
  })
})
