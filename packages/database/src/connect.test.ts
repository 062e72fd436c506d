import type pg from 'pg'
import { describe, expect, it } from 'vitest'
import {
  assertServerVersion,
  connectClient,
  describeTarget,
  parseConnectionString,
} from './connect.ts'

describe('a connection string', () => {
  it.each([
    'postgres://user:secret@db.example:5432/parley',
    'postgresql:///parley?host=/run/postgresql',
  ])('may be %s', (value) => {
    expect(parseConnectionString(value)).toBe(value)
  })

  it.each([
    [undefined, 'connection-string-missing', 'DATABASE_URL is not set'],
    ['  ', 'connection-string-missing', 'DATABASE_URL is not set'],
    ['mysql://u:secret@h/db', 'connection-string-malformed', 'begins with "mysql://"'],
    ['localhost', 'connection-string-malformed', 'cannot be read as a URL'],
    ['postgres://u:secret@h:port/db', 'connection-string-malformed', 'cannot be read as a URL'],
    ['postgres://u:secret@h:5432', 'connection-string-malformed', 'names no database'],
  ])('%s is refused in one line without its password', (value, code, message) => {
    const refused = (): string => parseConnectionString(value)
    expect(refused).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
    expect(refused).not.toThrow(/secret|\n/)
  })

  it('is described without user and password', () => {
    expect(describeTarget('postgres://user:secret@db.example/parley')).toBe(
      'db.example:5432/parley',
    )
    expect(describeTarget('postgres:///parley?host=/run/postgresql')).toBe(
      '/run/postgresql:5432/parley',
    )
  })
})

describe('connecting', () => {
  it('names the server that cannot be reached', async () => {
    // Port 1 of this machine: nothing listens there.
    await expect(
      connectClient('postgres://u:secret@127.0.0.1:1/db', 'parley-test'),
    ).rejects.toMatchObject({
      code: 'server-unreachable',
      message: expect.stringMatching(
        /^PostgreSQL at 127\.0\.0\.1:1\/db cannot be reached: .*ECONNREFUSED/,
      ),
    })
  })

  function serverOf(number: number, text: string): pg.ClientBase {
    return { query: async () => ({ rows: [{ number, text }] }) } as unknown as pg.ClientBase
  }

  it('refuses PostgreSQL 13 and accepts 14 to 18', async () => {
    await expect(assertServerVersion(serverOf(130_018, '13.18'))).rejects.toMatchObject({
      code: 'server-version-unsupported',
      message: 'PostgreSQL 13.18 is too old: Parley needs PostgreSQL 14 or newer (tested up to 18)',
    })
    await expect(assertServerVersion(serverOf(140_000, '14.0'))).resolves.toBe(14)
    await expect(assertServerVersion(serverOf(180_004, '18.4'))).resolves.toBe(18)
  })
})
