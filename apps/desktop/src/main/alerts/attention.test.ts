import { inflateSync } from 'node:zlib'

import { beforeEach, describe, expect, it, vi } from 'vitest'

import type { Notice } from '../../engine/protocol.ts'
import { Tray, app, resetElectron } from '../electron.fake.ts'
import { Attention } from './attention.ts'
import { TRAY_ICON_SIZE, drawTrayIcon } from './tray-icon.ts'

vi.mock('electron', () => import('../electron.fake.ts'))

const state = (given: Partial<Notice<'alert_state'>> = {}): Notice<'alert_state'> => ({
  kind: 'alert_state',
  open: 3,
  worst: 'breach',
  escalations: 0,
  isPressing: true,
  ...given,
})

function open({ platform = 'linux' }: { platform?: NodeJS.Platform } = {}) {
  const flashes: boolean[] = []
  const asked: string[] = []
  const view = { isFocused: false, language: 'es' as 'es' | 'en' }
  const attention = new Attention({
    platform,
    language: () => view.language,
    isFocused: () => view.isFocused,
    flash: (isFlashing) => flashes.push(isFlashing),
    show: () => asked.push('show'),
    openAlerts: () => asked.push('alerts'),
    quit: () => asked.push('quit'),
  })
  const [tray] = Tray.all
  if (tray === undefined) throw new Error('there is no tray')
  return { attention, flashes, asked, view, tray }
}
const labels = (tray: Tray) => tray.menu.map(({ label }) => label)

beforeEach(resetElectron)

it('shows how many are open at the app’s icon, asking only for what has changed', () => {
  const { attention } = open()
  attention.update(state())
  attention.update(state({ worst: 'escalation' }))
  attention.calm()
  expect(app.badges).toEqual([3, 0])
})

describe('the task bar', () => {
  it('flashes while something presses and the person looks elsewhere', () => {
    const { attention, flashes, view } = open()
    attention.update(state())
    attention.update(state({ open: 4 }))
    expect(flashes).toEqual([true])
    view.isFocused = true
    attention.refresh()
    expect(flashes).toEqual([true, false])
    view.isFocused = false
    attention.refresh()
    attention.calm()
    expect(flashes).toEqual([true, false, true, false])
  })

  it('does not for what can wait, and does again for a window that is opened anew', () => {
    const { attention, flashes } = open()
    attention.update(state({ worst: 'warning', isPressing: false }))
    expect(flashes).toEqual([])
    attention.update(state())
    attention.windowClosed()
    attention.refresh()
    expect(flashes).toEqual([true, true])
  })
})

describe('the tray', () => {
  it('says the worst, in its icon, its words and its menu', () => {
    const { attention, tray, view } = open()
    expect([tray.toolTip, labels(tray)]).toEqual([
      'Parley',
      ['Mostrar Parley', 'Alertas', undefined, 'Salir'],
    ])
    attention.update(state())
    attention.update(state({ open: 1 }))
    expect([tray.toolTip, labels(tray)[1]]).toEqual(['Parley: algo venció', 'Alertas (1)'])
    expect(tray.images).toHaveLength(2)
    view.language = 'en'
    attention.refresh()
    expect([tray.toolTip, labels(tray)[0]]).toEqual(['Parley: something is overdue', 'Show Parley'])
    attention.calm()
    expect(tray.images.at(-1)).toBe(tray.images[0])
  })

  it('leads back: by a click, and by its menu', () => {
    const { asked, tray } = open()
    tray.emit('click')
    for (const { click } of tray.menu) (click as (() => void) | undefined)?.()
    expect(asked).toEqual(['show', 'show', 'alerts', 'quit'])
  })

  it('has a template on macOS, twice as dense where points are counted', () => {
    const image = (platform: NodeJS.Platform) => {
      Tray.all = []
      const [first] = open({ platform }).tray.images
      return [first?.isTemplate, first?.scaleFactor]
    }
    expect([image('darwin'), image('win32'), image('linux')]).toEqual([
      [true, 2],
      [false, 2],
      [false, 1],
    ])
  })
})

describe('its icons', () => {
  const WORST = ['none', 'warning', 'breach', 'escalation'] as const
  /** RGBA of a PNG that has no filters. */
  function pixels(png: Buffer): number[][] {
    const start = png.indexOf('IDAT') + 4
    const data = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)))
    const width = TRAY_ICON_SIZE * 4 + 1
    return Array.from({ length: TRAY_ICON_SIZE ** 2 }, (_, index) => {
      const from = Math.floor(index / TRAY_ICON_SIZE) * width + 1 + (index % TRAY_ICON_SIZE) * 4
      return [...data.subarray(from, from + 4)]
    })
  }

  it('are pictures of the size they say', () => {
    for (const worst of WORST) {
      const png = drawTrayIcon(worst, { isTemplate: false })
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([TRAY_ICON_SIZE, TRAY_ICON_SIZE])
    }
  })

  it('differ by more than colour: as templates they are black, and four', () => {
    const shapes = WORST.map((worst) => pixels(drawTrayIcon(worst, { isTemplate: true })))
    for (const shape of shapes) {
      expect(shape.every(([red, green, blue]) => red === 0 && green === 0 && blue === 0)).toBe(true)
      expect(shape.some(([, , , alpha]) => alpha === 255)).toBe(true)
    }
    expect(new Set(shapes.map((shape) => shape.map(([, , , alpha]) => alpha).join())).size).toBe(4)
  })
})
