import { closeSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { endianness } from 'node:os'

/**
 * SQLite's write-ahead log, as its file format describes it. SQLite reads it as far as the first frame that is not whole
 * and takes that for the end, as it is after a power cut. Where whole transactions follow, it was not the end.
 *
 * Each frame's checksum goes on from that of the one before it, so that each can be proven by itself.
 */
interface Log {
  header: Buffer
  isHeaderWhole: boolean
  /** Of each of its frames; those of an older one, which it writes over, have others. */
  salts: Buffer
  frames: Frame[]
}
interface Frame {
  /** Of its header and its page. */
  bytes: Buffer
  isWhole: boolean
  isCommit: boolean
}
type Checksum = readonly [number, number]

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** SQLite makes checksums in the machine's own order of bytes, and says so in the last bit of the log's beginning. */
const IS_BIG_ENDIAN = endianness() === 'BE'
const MAGIC = IS_BIG_ENDIAN ? 0x377f0683 : 0x377f0682
const VERSION = 3007000
const PAGE_BYTES = 4096
const FRAME_BYTES = FRAME_HEADER_BYTES + PAGE_BYTES

/** Commits are on the disk one after the other: of a power cut there is one behind the first broken frame at most. */
export function isLogDamaged(file: string): boolean {
  const log = readLog(file)
  if (log === null) return false
  if (!log.isHeaderWhole) return true
  const broken = log.frames.findIndex(({ isWhole }) => !isWhole)
  if (broken === -1) return false
  return log.frames.slice(broken).filter(({ isCommit }) => isCommit).length > 1
}

/**
 * In a copy: SQLite reads it to its end afterwards, and finds by its cipher what is wrong in a page.
 * @returns false where there is a page of which not even the number is known
 */
export function lengthenLog(file: string): boolean {
  const log = readLog(file)
  if (log === null) return true
  log.header.writeUInt32BE(MAGIC, 0)
  log.header.writeUInt32BE(VERSION, 4)
  log.header.writeUInt32BE(PAGE_BYTES, 8)
  log.salts.copy(log.header, 16)
  const pages = Math.max(0, ...log.frames.filter(({ isWhole }) => isWhole).map(pageOf))
  let checksum = sum(log.header.subarray(0, 24), [0, 0])
  writeSum(log.header, 24, checksum)
  const kept = log.frames.filter((frame) => frame.isWhole || pageOf(frame) <= pages)
  for (const { bytes, isWhole } of kept) {
    if (!isWhole) bytes.writeUInt32BE(0, 4)
    log.salts.copy(bytes, 8)
    checksum = frameSum(bytes, checksum)
    writeSum(bytes, 16, checksum)
  }
  const descriptor = openSync(file, 'w')
  try {
    for (const bytes of [log.header, ...kept.map((frame) => frame.bytes)])
      writeSync(descriptor, bytes)
  } finally {
    closeSync(descriptor)
  }
  return log.isHeaderWhole && kept.length === log.frames.length
}

/** @returns null where nothing was ever written to it */
function readLog(name: string): Log | null {
  if ((statSync(name, { throwIfNoEntry: false })?.size ?? 0) <= HEADER_BYTES) return null
  const file = readFileSync(name)
  const header = file.subarray(0, HEADER_BYTES)
  const headerSum = sum(header.subarray(0, 24), [0, 0])
  const isHeaderWhole =
    header.readUInt32BE(0) === MAGIC &&
    header.readUInt32BE(8) === PAGE_BYTES &&
    isSum(header, 24, headerSum)
  const all = framesIn(file.subarray(HEADER_BYTES))
  const salts = Buffer.from(isHeaderWhole ? header.subarray(16, 24) : saltsOf(all))
  const frames: Frame[] = []
  let before = readSum(header, 24)
  for (const bytes of all.slice(0, all.findLastIndex((each) => hasSalts(each, salts)) + 1)) {
    const isOfThisLog = hasSalts(bytes, salts)
    const isWhole = isOfThisLog && isSum(bytes, 16, frameSum(bytes, before))
    before = readSum(bytes, 16)
    frames.push({ bytes, isWhole, isCommit: isOfThisLog && bytes.readUInt32BE(4) !== 0 })
  }
  return { header, isHeaderWhole, salts, frames }
}

const framesIn = (bytes: Buffer): Buffer[] =>
  Array.from({ length: Math.floor(bytes.length / FRAME_BYTES) }, (_, index) =>
    bytes.subarray(index * FRAME_BYTES, (index + 1) * FRAME_BYTES),
  )

const hasSalts = (frame: Buffer, salts: Buffer): boolean => frame.subarray(8, 16).equals(salts)

/** What two neighbours have in common. */
function saltsOf(frames: readonly Buffer[]): Buffer {
  const found = frames.find((frame, index) => {
    const next = frames[index + 1]
    return next === undefined || hasSalts(next, frame.subarray(8, 16))
  })
  return found?.subarray(8, 16) ?? Buffer.alloc(8)
}

const pageOf = ({ bytes }: Frame): number => bytes.readUInt32BE(0)

const frameSum = (bytes: Buffer, before: Checksum): Checksum =>
  sum(bytes.subarray(FRAME_HEADER_BYTES), sum(bytes.subarray(0, 8), before))

/** Always of whole pairs of words. */
function sum(bytes: Buffer, before: Checksum): Checksum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [first, second] = before
  for (let at = 0; at < bytes.length; at += 8) {
    first = (first + view.getUint32(at, !IS_BIG_ENDIAN) + second) >>> 0
    second = (second + view.getUint32(at + 4, !IS_BIG_ENDIAN) + first) >>> 0
  }
  return [first, second]
}

const readSum = (bytes: Buffer, at: number): Checksum => [
  bytes.readUInt32BE(at),
  bytes.readUInt32BE(at + 4),
]

function isSum(bytes: Buffer, at: number, [first, second]: Checksum): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second
}

function writeSum(bytes: Buffer, at: number, [first, second]: Checksum): void {
  bytes.writeUInt32BE(first, at)
  bytes.writeUInt32BE(second, at + 4)
}
