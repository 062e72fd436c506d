import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

import { type FastifyInstance } from 'fastify'

import { type Services } from '../platform/services.ts'

/** The largest that Chromium has is of 4 MB. */
const MOST_BYTES = 16 * 1024 * 1024
/** Kept ready; the languages of a company are a handful. */
const MOST_KEPT = 16
/** Who copies one writes on it without a pause as long as this. */
const COPIED_AFTER_MS = 3000
/** What every one begins with. */
const SIGNATURE = 'BDic'
/** Chromium's names: a language and the version of its words, `es-ES-3-0.bdic`. */
const NAME = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}-\d{1,3}-\d{1,3}\.bdic$/i
const DAY_SECONDS = 86_400

/**
 * Dictionaries for the workstations' spell checker, out of a folder that IT fills, so that no workstation asks anybody
 * else for them. Chromium asks with the name in small letters and knows nobody here: there is nothing secret in them.
 *
 * @param folder null: there are none
 */
export function registerDictionaries(
  app: FastifyInstance,
  { logger }: Pick<Services, 'logger'>,
  folder: string | null,
): void {
  const kept = new Map<string, Promise<Buffer>>()
  /** Once for all who ask meanwhile: a company's workstations start at the same hour. */
  const read = async (path: string): Promise<Buffer | null> => {
    const { size, mtimeMs } = await stat(path)
    // Workstations keep what they are given: half of one is none yet.
    if (Date.now() - mtimeMs < COPIED_AFTER_MS) return null
    const version = `${path} ${size} ${mtimeMs}`
    const present = kept.get(version)
    if (present !== undefined) return present
    const reading = readDictionary(path)
    reading.catch(() => kept.delete(version))
    const [oldest] = kept.keys()
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest)
    kept.set(version, reading)
    return reading
  }

  const find = async (name: string): Promise<Buffer | null> => {
    if (folder === null || !NAME.test(name)) return null
    try {
      const file = (await readdir(folder)).find((one) => one.toLowerCase() === name.toLowerCase())
      return file === undefined ? null : await read(join(folder, file))
    } catch (error) {
      logger.warn({ err: error }, 'a dictionary of the spell checker cannot be used')
      return null
    }
  }

  app.get<{ Params: { name: string } }>('/dictionaries/:name', async ({ params }, reply) => {
    const bytes = await find(params.name)
    if (bytes === null) return reply.code(404).send({ error: 'there is no such dictionary' })
    return reply
      .type('application/octet-stream')
      .header('cache-control', `public, max-age=${DAY_SECONDS}`)
      .send(bytes)
  })
}

/** @throws where it is not one that a workstation could use */
async function readDictionary(path: string): Promise<Buffer> {
  const handle = await open(path, 'r')
  try {
    return await readChecked(handle, path)
  } finally {
    await handle.close()
  }
}

async function readChecked(handle: FileHandle, path: string): Promise<Buffer> {
  const found = await handle.stat()
  if (!found.isFile()) throw new Error(`${path} is not a file`)
  if (found.size > MOST_BYTES) throw new Error(`${path} is larger than ${MOST_BYTES} bytes`)
  const bytes = await handle.readFile()
  if (bytes.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE)
    throw new Error(`${path} is not a dictionary of Chromium's`)
  return bytes
}
