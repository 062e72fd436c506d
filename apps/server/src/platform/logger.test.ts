import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { createLogger } from './logger.ts'

/** What nobody may ever read in a log. */
const WORDS = 'palabras-del-cliente'

let lines: string[]
beforeEach(() => void (lines = []))
afterEach(() => void vi.useRealTimers())
const logger = () => createLogger('trace', { write: (line) => void lines.push(line) })
const only = (): Record<string, unknown> => JSON.parse(lines[0] as string) as never

function caught(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

function fromPostgres(): Error {
  const error = new pg.DatabaseError(`invalid input: "${WORDS}"`, 1, 'error')
  return Object.assign(error, {
    code: '22P02',
    detail: `Failing row contains (${WORDS})`,
    where: `COPY messages, line 1: "${WORDS}"`,
    hint: WORDS,
    internalQuery: WORDS,
    table: 'messages',
    routine: 'string_to_uuid',
    client: { connectionParameters: { password: WORDS } },
  })
}

const QUOTING: [string, () => Error][] = [
  ['PostgreSQL', fromPostgres],
  ['a parser', () => caught(() => JSON.parse(WORDS))],
  ['a schema', () => caught(() => z.strictObject({}).parse({ [WORDS]: WORDS }))],
  ['the language', () => caught(() => 'x' in (WORDS as never))],
  ['Node', () => caught(() => Buffer.alloc(WORDS as never))],
  ['an address', () => caught(() => new URL(WORDS))],
  ['a cause', () => new Error('not read', { cause: fromPostgres() })],
  ['several at once', () => new AggregateError([fromPostgres()], WORDS)],
  ['what hangs on it', () => Object.assign(new Error('lost'), { body: WORDS })],
  [
    'lines like places',
    () => new SyntaxError(`x\n    at ${WORDS} (file:1:1)\n    at y (${WORDS}:1:1)`),
  ],
  ['what is no error', () => WORDS as never],
]

test.each(QUOTING)('an error that quotes (%s) is told without its words', (_name, make) => {
  logger().error({ err: make() }, 'procedure failed')
  logger().error(make() as never)
  logger().error({ err: make() })
  const told = lines.filter((line) => line.includes(WORDS))
  // What is logged as a message is a message.
  expect(told).toHaveLength(typeof make() === 'string' ? 1 : 0)
  expect(only()).toMatchObject({ msg: 'procedure failed', err: { type: expect.any(String) } })
})

test('what it is, and where it comes from, is told', () => {
  logger().error({ err: new Error('not read', { cause: fromPostgres() }) }, 'procedure failed')
  expect(only()['err']).toMatchObject({
    message: 'not read',
    stack: expect.stringContaining('logger.test.ts'),
    cause: { type: 'PostgreSQL', code: '22P02', table: 'messages', routine: 'string_to_uuid' },
  })
})

test('what is said again and again is counted instead, and others are heard beside it', () => {
  vi.useFakeTimers()
  const log = logger()
  for (let said = 0; said < 14_000; said++) log.warn({ said }, 'request put off')
  expect(lines.length).toBeLessThan(100)
  log.info('stopping')
  expect(lines.at(-1)).toContain('stopping')
  const written = lines.length - 1
  vi.advanceTimersByTime(30_000)
  expect(JSON.parse(lines.at(-1) as string)).toMatchObject({
    leftOut: { 'request put off': 14_000 - written },
  })
})
