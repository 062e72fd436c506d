import { crc32, deflateSync } from 'node:zlib'

import type { Notice } from '../../engine/protocol.ts'

/** Pixels to a side; drawn four times as fine and averaged. */
export const TRAY_ICON_SIZE = 32
const FINENESS = 4

type Colour = readonly [red: number, green: number, blue: number]
const INK: Colour = [0, 0, 0]
/** The tokens --text-3, --warn and --danger-fill as they show on light and dark bars alike. */
const CALM: Colour = [0x8a, 0x8d, 0x91]
const AMBER: Colour = [0xe0, 0x9b, 0x1c]
const RED: Colour = [0xd9, 0x3a, 0x35]

/** Within the icon, from 0 to 1 in both directions; null: transparent. */
type Paint = (x: number, y: number) => Colour | null

/**
 * The tray's icon as a PNG: a speech bubble; with a triangle where something warns, an octagon where something
 * is overdue, and filled, with an exclamation mark cut out, where somebody calls. Told apart by their shapes, for
 * macOS takes no colour from a template.
 */
export function drawTrayIcon(
  worst: Notice<'alert_state'>['worst'],
  { isTemplate }: { isTemplate: boolean },
): Buffer {
  return encodePng(rasterise(paintOf(worst, isTemplate)))
}

function paintOf(worst: Notice<'alert_state'>['worst'], isTemplate: boolean): Paint {
  const colour = (given: Colour): Colour => (isTemplate ? INK : given)
  switch (worst) {
    case 'none':
      return (x, y) => (isOutline(x, y) ? colour(CALM) : null)
    case 'warning':
      return badged(isTriangle, colour(CALM), colour(AMBER))
    case 'breach':
      return badged(isOctagon, colour(CALM), colour(RED))
    case 'escalation':
      return (x, y) => (isBubble(x, y, 0) && !isExclamation(x, y) ? colour(RED) : null)
  }
}

/** The sign stands in the lower right corner, with a gap around it. */
function badged(
  isSign: (x: number, y: number, growth: number) => boolean,
  line: Colour,
  sign: Colour,
): Paint {
  return (x, y) => {
    if (isSign(x, y, 0)) return sign
    return isOutline(x, y) && !isSign(x, y, 0.07) ? line : null
  }
}

/** A rounded rectangle with a tail, grown or shrunk by so much. */
function isBubble(x: number, y: number, growth: number): boolean {
  const dx = Math.max(0, Math.abs(x - 0.5) - 0.26)
  const dy = Math.max(0, Math.abs(y - 0.42) - 0.16)
  const isBody = Math.hypot(dx, dy) <= 0.2 + growth
  const isTail = y > 0.7 && y < 0.94 + growth && x > 0.26 - growth && x < 0.26 + growth + (0.94 - y)
  return isBody || isTail
}

function isOutline(x: number, y: number): boolean {
  return isBubble(x, y, 0) && !isBubble(x, y, -0.09)
}

function isTriangle(x: number, y: number, growth: number): boolean {
  const half = (y - (0.5 - growth)) / 2
  return y <= 0.98 + growth && half >= 0 && Math.abs(x - 0.73) <= half + growth
}

function isOctagon(x: number, y: number, growth: number): boolean {
  const dx = Math.abs(x - 0.73)
  const dy = Math.abs(y - 0.73)
  const radius = 0.25 + growth
  return dx <= radius && dy <= radius && dx + dy <= radius * Math.SQRT2
}

function isExclamation(x: number, y: number): boolean {
  if (Math.abs(x - 0.5) > 0.055) return false
  return (y > 0.24 && y < 0.47) || (y > 0.53 && y < 0.63)
}

/** RGBA, line by line. */
function rasterise(paint: Paint): Buffer {
  const pixels = Buffer.alloc(TRAY_ICON_SIZE * TRAY_ICON_SIZE * 4)
  for (let row = 0; row < TRAY_ICON_SIZE; row++) {
    for (let column = 0; column < TRAY_ICON_SIZE; column++) {
      pixels.set(averaged(paint, column, row), (row * TRAY_ICON_SIZE + column) * 4)
    }
  }
  return pixels
}

function averaged(paint: Paint, column: number, row: number): number[] {
  const sum = [0, 0, 0]
  let covered = 0
  for (let sample = 0; sample < FINENESS ** 2; sample++) {
    const x = (column + ((sample % FINENESS) + 0.5) / FINENESS) / TRAY_ICON_SIZE
    const y = (row + (Math.floor(sample / FINENESS) + 0.5) / FINENESS) / TRAY_ICON_SIZE
    const colour = paint(x, y)
    if (colour === null) continue
    covered++
    for (const [index, value] of colour.entries()) sum[index] = (sum[index] ?? 0) + value
  }
  if (covered === 0) return [0, 0, 0, 0]
  const [red = 0, green = 0, blue = 0] = sum.map((value) => Math.round(value / covered))
  return [red, green, blue, Math.round((255 * covered) / FINENESS ** 2)]
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Eight bits a channel, colour with transparency, no filter: https://www.w3.org/TR/png-3/ */
function encodePng(pixels: Buffer): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(TRAY_ICON_SIZE, 0)
  header.writeUInt32BE(TRAY_ICON_SIZE, 4)
  header.set([8, 6, 0, 0, 0], 8)
  const width = TRAY_ICON_SIZE * 4
  const lines = Array.from({ length: TRAY_ICON_SIZE }, (_, row) =>
    Buffer.concat([Buffer.of(0), pixels.subarray(row * width, (row + 1) * width)]),
  )
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
