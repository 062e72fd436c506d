import type { Rectangle } from 'electron'
import { z } from 'zod'

import { readJsonFile, writeFileAtomically } from './atomic-file.ts'
import type { Log } from './log.ts'

export const MINIMUM_SIZE = { width: 1024, height: 640 } as const
const DEFAULT_SIZE = { width: 1440, height: 900 } as const
/** As much of the title bar must lie on a display as a hand needs to move the window. */
const GRIP = { width: 120, height: 32 } as const

const pixels = z.int().min(-100_000).max(100_000)
const windowState = z.object({
  bounds: z.object({ x: pixels, y: pixels, width: pixels.positive(), height: pixels.positive() }),
  maximized: z.boolean(),
})
export type WindowState = z.output<typeof windowState>

/** Without a place the system chooses one. */
export interface InitialBounds {
  width: number
  height: number
  x?: number
  y?: number
}

export function readWindowState(file: string, log: Log): WindowState | null {
  return readJsonFile(file, windowState, log)
}

export function writeWindowState(file: string, state: WindowState): void {
  writeFileAtomically(file, `${JSON.stringify(state, null, 2)}\n`)
}

/**
 * Where the window opens: where it was, unless its title bar would be out of reach there, because a display is
 * gone or smaller now. Never smaller than the least size, never larger than the display.
 *
 * @param workAreas of the displays, the primary one first
 */
export function initialBounds(
  state: WindowState | null,
  workAreas: readonly Rectangle[],
): InitialBounds {
  const wanted = state?.bounds
  const home = wanted && workAreas.find((area) => isReachable(wanted, area))
  const area = home ?? workAreas[0]
  const size = clampSize(wanted ?? DEFAULT_SIZE, area)
  return wanted && home ? { ...size, x: wanted.x, y: wanted.y } : size
}

function clampSize(
  { width, height }: { width: number; height: number },
  area: Rectangle | undefined,
): { width: number; height: number } {
  return {
    width: clamp(width, MINIMUM_SIZE.width, area?.width ?? width),
    height: clamp(height, MINIMUM_SIZE.height, area?.height ?? height),
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}

function isReachable(bounds: Rectangle, area: Rectangle): boolean {
  const visibleWidth =
    Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x)
  const isTopInside = bounds.y >= area.y && bounds.y + GRIP.height <= area.y + area.height
  return visibleWidth >= GRIP.width && isTopInside
}
