import { EventEmitter } from 'node:events'
import type { DevToolsSession } from '../chromium/devtools-pipe.ts'
import { HEADLESS_DISPLAY } from '../chromium/switches.ts'

type Rectangle = Electron.Rectangle

/** One display. Without a real one it is what Chromium is told to have; a real one is measured by the first page. */
let bounds: Rectangle = { x: 0, y: 0, ...HEADLESS_DISPLAY }
let workArea: Rectangle = bounds
let scaleFactor = 1

export function primaryDisplay(): Pick<
  Electron.Display,
  'id' | 'bounds' | 'workArea' | 'size' | 'workAreaSize' | 'scaleFactor' | 'rotation' | 'internal'
> {
  const size = ({ width, height }: Rectangle): Electron.Size => ({ width, height })
  return {
    id: 1,
    bounds: { ...bounds },
    workArea: { ...workArea },
    size: size(bounds),
    workAreaSize: size(workArea),
    scaleFactor,
    rotation: 0,
    internal: false,
  }
}

const MEASURE = `({
  bounds: { x: 0, y: 0, width: screen.width, height: screen.height },
  workArea: { x: screen.availLeft, y: screen.availTop, width: screen.availWidth, height: screen.availHeight },
  scaleFactor: devicePixelRatio,
})`

export async function measureDisplay(page: DevToolsSession): Promise<void> {
  type Measured = { bounds: Rectangle; workArea: Rectangle; scaleFactor: number }
  const { result } = await page.send<{ result: { value: Measured } }>('Runtime.evaluate', {
    expression: MEASURE,
    returnByValue: true,
  })
  ;({ bounds, workArea, scaleFactor } = result.value)
}

export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: primaryDisplay,
  getAllDisplays: () => [primaryDisplay()],
  getDisplayMatching: (_rect: Rectangle) => primaryDisplay(),
  getDisplayNearestPoint: (_point: Electron.Point) => primaryDisplay(),
})
