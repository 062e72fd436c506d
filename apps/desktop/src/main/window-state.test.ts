import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { recordLog } from './log.fake.ts'
import { temporaryFolder } from './temporary-folder.fake.ts'
import { initialBounds, readWindowState, writeWindowState } from './window-state.ts'

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
    const small = { x: 0, y: 0, width: 800, height: 600 }
    expect(initialBounds(null, [small])).toEqual({ width: 1024, height: 640 })
  })

  it('has a size for the first time', () => {
    expect(initialBounds(null, [PRIMARY])).toEqual({ width: 1440, height: 900 })
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
