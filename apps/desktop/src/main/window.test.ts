import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeEach, describe, expect, it, vi } from 'vitest'

import { BrowserWindow, Menu, nativeTheme, resetElectron, screen } from './electron.fake.ts'
import { recordLog } from './log.fake.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'
import { WorkstationWindow, type WorkstationWindowOptions } from './window.ts'

vi.mock('electron', () => import('./electron.fake.ts'))

const START = 'app://parley/index.html'

function open({ platform = 'linux', state }: { platform?: NodeJS.Platform; state?: object } = {}) {
  const stateFile = join(temporaryFolder(), 'window.json')
  if (state !== undefined) writeFileSync(stateFile, JSON.stringify(state))
  const log = recordLog()
  const onState = vi.fn<WorkstationWindowOptions['onState']>()
  const onPageLeft = vi.fn<() => void>()
  const onShown = vi.fn<() => void>()
  const onClosed = vi.fn<() => void>()
  const workstation = new WorkstationWindow({
    preload: '/preload.cjs',
    stateFile,
    platform,
    language: () => 'es',
    onState,
    onPageLeft,
    onShown,
    onClosed,
    log,
  })
  workstation.show()
  const window = BrowserWindow.all.at(-1)
  if (window === undefined) throw new Error('no window was opened')
  return { workstation, window, stateFile, onState, onPageLeft, onShown, onClosed, log }
}

beforeEach(() => {
  resetElectron()
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

describe('opening', () => {
  it.each(['linux', 'win32'] as const)('has no frame on %s', (platform) => {
    expect(open({ platform }).window.options).toMatchObject({ frame: false, show: false })
  })

  it('keeps the three buttons of macOS', () => {
    const { options } = open({ platform: 'darwin' }).window
    expect(options).toMatchObject({ titleBarStyle: 'hidden' })
    expect(options).not.toHaveProperty('frame')
  })

  it('has a least size and the colour of its theme', () => {
    expect(open().window.options).toMatchObject({
      minWidth: 1024,
      minHeight: 640,
      backgroundColor: '#F0F0ED',
    })
    nativeTheme.shouldUseDarkColors = true
    expect(open().window.options).toMatchObject({ backgroundColor: '#121315' })
  })

  it('is seen once it is ready, as large as it was', () => {
    const { window, onShown } = open({
      state: { bounds: { x: 5, y: 6, width: 1100, height: 700 }, maximized: true },
    })
    expect(window.options).toMatchObject({ x: 5, y: 6, width: 1100, height: 700 })
    expect([window.loaded, window.isShown]).toEqual([[START], false])
    expect(onShown).not.toHaveBeenCalled()
    window.emit('ready-to-show')
    expect(onShown).toHaveBeenCalledOnce()
    expect([window.isShown, window.maximized]).toEqual([true, true])
  })

  it('is seen all the same if it is never ready', () => {
    const { window } = open()
    vi.advanceTimersByTime(4_000)
    expect(window.isShown).toBe(true)
  })

  it('is one window: shown again it is restored and in front', () => {
    const { workstation, window, onClosed } = open()
    window.minimize()
    window.focused = false
    workstation.show()
    expect(BrowserWindow.all).toHaveLength(1)
    expect([window.minimized, window.focused]).toEqual([false, true])
    window.close()
    expect(onClosed).toHaveBeenCalledOnce()
    workstation.show()
    expect(BrowserWindow.all).toHaveLength(2)
  })
})

describe('on its displays', () => {
  const SECOND = { id: 2, workArea: { x: 1920, y: 0, width: 2560, height: 1400 } }
  const onSecond = { bounds: { x: 2000, y: 100, width: 1500, height: 900 }, maximized: false }

  it('opens whole on one that is small or magnified, and may be as small as that', () => {
    screen.display = { id: 1, workArea: { x: 0, y: 0, width: 1093, height: 574 } }
    expect(open().window.options).toMatchObject({
      width: 1093,
      height: 574,
      minWidth: 1024,
      minHeight: 574,
    })
  })

  it('has its size on one of another scale, too', () => {
    screen.others = [SECOND]
    const { window } = open({ state: onSecond })
    expect(window.bounds).toEqual(onSecond.bounds)
  })

  it('comes back when its display has gone', () => {
    screen.others = [SECOND]
    const { window } = open({ state: onSecond })
    screen.others = []
    screen.emit('display-removed', {}, SECOND)
    expect(window.bounds).toEqual({ x: 210, y: 70, width: 1500, height: 900 })
  })

  it('shrinks with one that is magnified while it is open', () => {
    const { window } = open()
    screen.display = { id: 1, workArea: { x: 0, y: 0, width: 960, height: 500 } }
    screen.emit('display-metrics-changed', {}, screen.display, ['scaleFactor'])
    expect(window.bounds).toEqual({ x: 0, y: 0, width: 960, height: 500 })
    expect(window.minimumSize).toEqual([960, 500])
  })

  it('is left alone while it fills one', () => {
    const { window } = open()
    window.maximize()
    const { bounds } = window
    screen.display = { id: 1, workArea: { x: 0, y: 0, width: 960, height: 500 } }
    screen.emit('display-metrics-changed', {}, screen.display, ['scaleFactor'])
    expect(window.bounds).toEqual(bounds)
  })

  it('may be as small as the one that it is moved to', () => {
    screen.others = [{ id: 2, workArea: { x: 1920, y: 0, width: 960, height: 500 } }]
    const { window } = open()
    window.bounds = { ...window.bounds, x: 1930, y: 0 }
    window.emit('move')
    expect(window.minimumSize).toEqual([960, 500])
  })
})

it('has a menu under the right button', () => {
  const { window } = open()
  window.webContents.emit(
    'context-menu',
    {},
    {
      linkURL: '',
      misspelledWord: '',
      selectionText: 'hola',
      isEditable: false,
      frame: null,
      editFlags: { canCopy: true },
    },
  )
  expect(Menu.poppedUp.map(({ items }) => items.map(({ role }) => role))).toEqual([['copy']])
})

describe('its state', () => {
  it('is kept while it changes and when it closes', () => {
    const { window, stateFile } = open()
    window.bounds = { x: 1, y: 2, width: 1111, height: 777 }
    window.emit('resize')
    vi.advanceTimersByTime(500)
    expect(saved(stateFile)).toEqual({ bounds: window.bounds, maximized: false })
    window.maximize()
    window.close()
    expect(saved(stateFile)).toEqual({ bounds: window.bounds, maximized: true })
  })

  it('is told', () => {
    const { window, onState } = open()
    window.maximize()
    window.focus()
    expect(onState.mock.calls).toEqual([
      [{ maximized: true, focused: false }],
      [{ maximized: true, focused: true }],
    ])
  })

  it('of a minimised window is not focused, whatever the system says', () => {
    const { workstation, window } = open()
    window.focus()
    expect(workstation.isFocused()).toBe(true)
    window.minimized = true
    expect(workstation.isFocused()).toBe(false)
  })
})

describe('a page that is gone', () => {
  it('is loaded again, once; then the window says what happened', () => {
    const { window, onPageLeft, log } = open()
    crash(window)
    expect(window.loaded).toEqual([START, START])
    expect(onPageLeft).toHaveBeenCalledOnce()
    vi.advanceTimersByTime(59_000)
    crash(window, 'oom')
    expect(window.loaded.at(-1)).toBe('app://parley/window-failed-es.html')
    expect(log.lines).toHaveLength(2)
  })

  it('after a minute in which it was well is loaded again', () => {
    const { window } = open()
    crash(window)
    vi.advanceTimersByTime(60_000)
    crash(window)
    expect(window.loaded).toEqual([START, START, START])
  })

  it('because it ended as it should is left alone', () => {
    const { window } = open()
    crash(window, 'clean-exit')
    expect(window.loaded).toEqual([START])
  })

  it('because it could not be loaded is loaded again', () => {
    const { window } = open()
    window.webContents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', START, true)
    vi.advanceTimersByTime(0)
    expect(window.loaded).toEqual([START, START])
    window.webContents.emit('did-fail-load', {}, -3, 'ERR_ABORTED', START, true)
    window.webContents.emit('did-fail-load', {}, -6, 'ERR_FILE_NOT_FOUND', 'x', false)
    vi.advanceTimersByTime(0)
    expect(window.loaded).toEqual([START, START])
  })

  it('because it hangs is ended, if it does not come back within ten seconds', () => {
    const { window } = open()
    window.emit('unresponsive')
    vi.advanceTimersByTime(9_999)
    window.emit('responsive')
    vi.advanceTimersByTime(60_000)
    expect(window.webContents.isCrashForced).toBe(false)
    window.emit('unresponsive')
    vi.advanceTimersByTime(10_000)
    expect(window.webContents.isCrashForced).toBe(true)
  })

  it('takes nothing along when the window is closed', () => {
    const { window } = open()
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 })
    window.close()
    vi.advanceTimersByTime(20_000)
    expect(window.loaded).toEqual([START])
  })
})

function saved(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}

function crash(window: BrowserWindow, reason = 'crashed'): void {
  window.webContents.emit('render-process-gone', {}, { reason, exitCode: 1 })
  vi.advanceTimersByTime(0)
}
