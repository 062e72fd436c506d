import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'
import { z } from 'zod'

import * as alerts from './alerts/alerts.ts'
import * as inputs from './api/inputs.ts'
import * as outputs from './api/outputs.ts'
import { bootstrapPage, feedMessage } from './feed.ts'
import * as sla from './sla/sla.ts'
import * as routing from './routing/routing.ts'
import * as triageDecision from './triage/decision.ts'
import * as triageRules from './triage/rules.ts'
import * as triage from './triage/triage.ts'
import { PROTOCOL_VERSION, isServedProtocolVersion } from './protocol.ts'

/**
 * Whoever changes what server and workstation say to each other lands here. Do workstations in the field
 * still understand the server, and it them? If so, write the new hash; if not, raise the version, too.
 */
const KNOWN = { version: 3, hash: '6c81998408147d46' }

function wireHash(): string {
  const schemas = {
    ...inputs,
    ...outputs,
    ...routing,
    ...triage,
    ...triageRules,
    ...triageDecision,
    ...sla,
    ...alerts,
    feedMessage,
    bootstrapPage,
  }
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
  expect(isServedProtocolVersion(PROTOCOL_VERSION + 1)).toBe(false)
  expect(isServedProtocolVersion(0)).toBe(false)
})
