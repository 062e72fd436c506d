import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { recordLog } from './log.fake.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'
import {
  boundsOnNewDisplays,
  initialBounds,
  minimumSizeOn,
  readWindowState,
  writeWindowState,
} from './window-state.ts'

const PRIMARY = { x: 0, y: 25, width: 1920, height: 1015 }
const SECOND = { x: -2560, y: -200, width: 2560, height: 1440 }
const at = (x: number, y: number, width = 1200, height = 800) => ({
  bounds: { x, y, width, height },
  maximized: false,
})

describe('initialBounds', () => {
  it('is where it was, on any display', () => {
    expect(initialBounds(at(100, 50), [PRIMARY])).toEqual(at(100, 50).bounds)
    expect(initialBounds(at(-2000, -150), [PRIMARY, SECOND])).toEqual(at(-2000, -150).bounds)
  })

  it('may hang over an edge as long as its title bar can be grasped', () => {
    expect(initialBounds(at(1800, 900), [PRIMARY])).toMatchObject({ x: 1800, y: 900 })
    expect(initialBounds(at(-1080, 50), [PRIMARY])).toMatchObject({ x: -1080, y: 50 })
  })

  it.each([
    ['a display that is gone', at(-2000, -150)],
    ['too far to the right', at(1801, 50)],
    ['too far to the left', at(-1081, 50)],
    ['below', at(100, 1009)],
    ['with its title bar above', at(100, 24)],
  ])('keeps only the size from %s', (_where, state) => {
    expect(initialBounds(state, [PRIMARY])).toEqual({ width: 1200, height: 800 })
  })

  it('fits the display and the least size', () => {
    expect(initialBounds(at(0, 25, 4000, 3000), [PRIMARY])).toMatchObject({
      width: 1920,
      height: 1015,
    })
    expect(initialBounds(at(0, 25, 300, 200), [PRIMARY])).toMatchObject({
      width: 1024,
      height: 640,
    })
  })

  it.each([
    ['1366×768 at 125 %', { x: 0, y: 0, width: 1093, height: 574 }],
    ['1920×1080 at 175 %', { x: 0, y: 0, width: 1097, height: 577 }],
    ['1920×1080 at 200 %', { x: 0, y: 0, width: 960, height: 500 }],
    ['1366×768 at 150 %', { x: 0, y: 32, width: 911, height: 472 }],
  ])('never has its foot under the task bar: %s', (_display, area) => {
    const { width, height } = area
    expect(initialBounds(null, [area])).toEqual({ width, height })
    expect(initialBounds(at(0, area.y + 20, 1440, 900), [area])).toEqual(area)
    expect(minimumSizeOn(area)).toEqual({
      width: Math.min(1024, width),
      height: Math.min(640, height),
    })
  })

  it('has a size for the first time', () => {
    expect(initialBounds(null, [PRIMARY])).toEqual({ width: 1440, height: 900 })
  })
})

describe('when the displays are others than before', () => {
  it('stays where it can be seen', () => {
    expect(boundsOnNewDisplays(at(100, 50).bounds, [PRIMARY])).toBeNull()
    expect(boundsOnNewDisplays(at(-2000, -150).bounds, [PRIMARY, SECOND])).toBeNull()
  })

  it('comes to the middle of the first display when its own has gone', () => {
    expect(boundsOnNewDisplays(at(-2000, -150).bounds, [PRIMARY])).toEqual({
      x: 360,
      y: 133,
      width: 1200,
      height: 800,
    })
  })

  it('is made smaller when its own is magnified', () => {
    const magnified = { x: 0, y: 0, width: 960, height: 500 }
    expect(boundsOnNewDisplays(at(300, 100).bounds, [magnified])).toEqual(magnified)
  })
})

describe('the file', () => {
  it('gives back what was written', () => {
    const file = join(temporaryFolder(), 'window.json')
    writeWindowState(file, { ...at(1, 2), maximized: true })
    expect(readWindowState(file, recordLog())).toEqual({ ...at(1, 2), maximized: true })
  })

  it.each(['', '{}', 'null', '{"bounds":{"x":0,"y":0,"width":-5,"height":9},"maximized":true}'])(
    'is kept aside if it says %j',
    (text) => {
      const file = join(temporaryFolder(), 'window.json')
      writeFileSync(file, text)
      const log = recordLog()
      expect(readWindowState(file, log)).toBeNull()
      expect([existsSync(file), existsSync(`${file}.bad`)]).toEqual([false, true])
      expect(log.lines).toHaveLength(1)
    },
  )
})
