import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'

import type { z } from 'zod'

import type { Log } from './log.ts'

/**
 * Small files of state. Written beside and moved into place, so that a power cut leaves the old one or the new
 * one; synchronous, because they are tiny and the last ones are written while the app ends. Only this person
 * may read them.
 */
export function writeFileAtomically(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const staged = `${file}.new`
  try {
    const descriptor = openSync(staged, 'w', 0o600)
    try {
      writeSync(descriptor, text)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(staged, file)
    syncFolder(dirname(file))
  } catch (error) {
    rmSync(staged, { force: true })
    throw error
  }
}

/** The new name, too, is on the disk only then. Windows sees to it by itself and opens no folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Reads a JSON file that we wrote ourselves. One that cannot be understood is kept aside for support, under
 * `.bad`, and counts as absent: a workstation must start.
 */
export function readJsonFile<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  log: Log,
): z.output<Schema> | null {
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false
  const text = isFolder ? '' : readIfThere(file)
  if (text === null) return null
  const parsed = parseJson(text, schema)
  if (parsed.ok) return parsed.value
  rmSync(`${file}.bad`, { recursive: true, force: true })
  renameSync(file, `${file}.bad`)
  log.error(`${file} cannot be used and was kept aside as ${file}.bad`, parsed.problem)
  return null
}

export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** None of these files comes near it; a larger one is none of ours. */
const MOST_CHARACTERS = 1_000_000
const MOST_PROBLEMS = 5

export type ParsedJson<Value> = { ok: true; value: Value } | { ok: false; problem: string }

/** The problem names where it is and never what stands there: the file may hold what a log must not. */
export function parseJson<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
): ParsedJson<z.output<Schema>> {
  if (text.length > MOST_CHARACTERS) return { ok: false, problem: 'it is too large' }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { ok: false, problem: 'it is not JSON' }
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return { ok: true, value: parsed.data }
  const problems = parsed.error.issues
    .slice(0, MOST_PROBLEMS)
    .map(({ path, message }) => `${path.join('.')}: ${message}`)
  return { ok: false, problem: problems.join('; ').slice(0, 500) }
}
