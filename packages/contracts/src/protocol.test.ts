import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { expect, test } from 'vitest'
import { z } from 'zod'

import { bootstrapPage, feedMessage } from './sync/feed.ts'
import {
  OLDEST_SERVED_PROTOCOL_VERSION,
  PROTOCOL_VERSION,
  isServedProtocolVersion,
} from './protocol.ts'

/**
 * Whoever changes what server and workstation say to each other lands here. Do workstations in the field
 * still understand the server, and it them? If so, write the new hash; if not, raise the version, too.
 */
const KNOWN = { version: 6, hash: 'a630cc3d6dc7ad37' }

/** What features say over the wire; what their `bridge.ts` says stays on the device. */
const files = globSync('*/*.ts', { cwd: import.meta.dirname }).filter(
  (file) => !/\b(bridge|index)\.ts$|\.test\.ts$|^bridge/.test(file),
)
const declared = await Promise.all(
  files.map((file) => import(pathToFileURL(join(import.meta.dirname, file)).href)),
)

function wireHash(): string {
  const schemas = Object.assign({ feedMessage, bootstrapPage }, ...declared) as Record<
    string,
    unknown
  >
  const described = Object.entries(schemas)
    .flatMap(([name, value]) => (value instanceof z.ZodType ? [[name, value] as const] : []))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    ])
  return createHash('sha256').update(JSON.stringify(described)).digest('hex').slice(0, 16)
}

test('the wire is the one this protocol version stands for', () => {
  expect({ version: PROTOCOL_VERSION, hash: wireHash() }).toEqual(KNOWN)
})

test('another version is not served', () => {
  expect(isServedProtocolVersion(PROTOCOL_VERSION)).toBe(true)
  expect(isServedProtocolVersion(OLDEST_SERVED_PROTOCOL_VERSION)).toBe(true)
  expect(isServedProtocolVersion(OLDEST_SERVED_PROTOCOL_VERSION - 1)).toBe(false)
  expect(isServedProtocolVersion(PROTOCOL_VERSION + 1)).toBe(false)
  expect(isServedProtocolVersion(0)).toBe(false)
})
