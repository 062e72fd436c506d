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
 * gone or smaller now. Never larger than the display: what is drawn small on one, or large by its scale, has fewer
 * pixels than the least size asks for, and a foot that nobody sees is worse than a narrow window.
 *
 * @param workAreas of the displays, the primary one first
 */
export function initialBounds(
  state: Pick<WindowState, 'bounds'> | null,
  workAreas: readonly Rectangle[],
): InitialBounds {
  const wanted = state?.bounds
  const home = wanted && workAreas.find((area) => isReachable(wanted, area))
  const area = home ?? workAreas[0]
  const size = clampSize(wanted ?? DEFAULT_SIZE, area)
  if (!wanted || !home) return size
  const isCut = size.width < wanted.width || size.height < wanted.height
  // The display was larger then: now all of the window shall be on it.
  if (isCut) return { ...size, ...moveInto(wanted, size, home) }
  return { ...size, x: wanted.x, y: wanted.y }
}

/**
 * Where an open window goes when the displays are others than before.
 *
 * @returns null where it may stay
 */
export function boundsOnNewDisplays(
  present: Rectangle,
  workAreas: readonly Rectangle[],
): Rectangle | null {
  const [primary] = workAreas
  if (primary === undefined) return null
  const { width, height, x, y } = initialBounds({ bounds: present }, workAreas)
  const next = {
    x: x ?? primary.x + Math.round((primary.width - width) / 2),
    y: y ?? primary.y + Math.round((primary.height - height) / 2),
    width,
    height,
  }
  const isSame = (['x', 'y', 'width', 'height'] as const).every((key) => next[key] === present[key])
  return isSame ? null : next
}

/** The least size on a display: all of it, where that is less than the layout would like. */
export function minimumSizeOn(area: Rectangle): { width: number; height: number } {
  return {
    width: Math.min(MINIMUM_SIZE.width, area.width),
    height: Math.min(MINIMUM_SIZE.height, area.height),
  }
}

function clampSize(
  { width, height }: { width: number; height: number },
  area: Rectangle | undefined,
): { width: number; height: number } {
  if (area === undefined) return { width, height }
  const least = minimumSizeOn(area)
  return {
    width: clamp(width, least.width, area.width),
    height: clamp(height, least.height, area.height),
  }
}

function moveInto(
  wanted: { x: number; y: number },
  { width, height }: { width: number; height: number },
  area: Rectangle,
): { x: number; y: number } {
  return {
    x: clamp(wanted.x, area.x, area.x + area.width - width),
    y: clamp(wanted.y, area.y, area.y + area.height - height),
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
