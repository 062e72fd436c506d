import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planMigrations } from './migrate.ts'
import { parseMigration, readMigrations, splitStatements } from './migration-files.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

async function write(...names: string[]): Promise<void> {
  for (const name of names) await writeFile(join(folder, name), 'SELECT 1;\n')
}

describe('reading migrations', () => {
  it('takes numbered files in order and leaves others alone', async () => {
    await write('0002_second.sql', '0001_first.sql', 'README.md')
    const migrations = await readMigrations(folder)
    expect(migrations.map(({ name, version }) => [version, name])).toEqual([
      [1, '0001_first.sql'],
      [2, '0002_second.sql'],
    ])
  })

  it.each([
    [['0001_a.sql', '0003_c.sql'], '0003_c.sql: its number should be 0002'],
    [['0001_a.sql', '0001_b.sql'], '0001_b.sql: its number should be 0002'],
    [['1_a.sql'], '1_a.sql: its name is not of the form'],
    [['0001-Upper.sql'], '0001-Upper.sql: its name is not of the form'],
  ])('refuses %j', async (names, message) => {
    await write(...names)
    await expect(readMigrations(folder)).rejects.toMatchObject({
      code: 'migration-files-invalid',
      message: expect.stringContaining(message),
    })
  })

  it('gives a Windows checkout the same checksum', () => {
    const unix = parseMigration('0001_a.sql', 'SELECT 1;\nSELECT 2;\n')
    const windows = parseMigration('0001_a.sql', 'SELECT 1;\r\nSELECT 2;\r\n')
    expect(windows.checksum).toBe(unix.checksum)
  })

  it('reads the markers at the top only', () => {
    const migration = parseMigration(
      '0001_a.sql',
      '-- parley: no-transaction\n-- parley: minimum-server 3\nSELECT 1;\n-- next statement\nSELECT 2;\n-- parley: nonsense\n',
    )
    expect(migration).toMatchObject({ inTransaction: false, minimumServerVersion: 3 })
    expect(splitStatements(migration)).toHaveLength(2)
  })

  it('refuses a marker that it does not know', () => {
    expect(() => parseMigration('0001_a.sql', '-- parley: no-transactions\n')).toThrow(
      'Migration file 0001_a.sql: it has an unknown marker "no-transactions"',
    )
  })
})

describe('planning', () => {
  const files = ['0001_a.sql', '0002_b.sql', '0003_c.sql'].map((name) =>
    parseMigration(name, `-- ${name}`),
  )

  it('applies what is missing', () => {
    expect(planMigrations(files, files.slice(0, 1)).map(({ name }) => name)).toEqual([
      '0002_b.sql',
      '0003_c.sql',
    ])
  })

  it('says which applied file changed', () => {
    const applied = files.map((file) => ({
      ...file,
      checksum: file.version === 2 ? 'other' : file.checksum,
    }))
    expect(() => planMigrations(files, applied)).toThrow(
      'Migration 0002_b.sql was applied to this database and its content',
    )
  })

  it('refuses one that was put below applied ones', () => {
    const applied = files.filter(({ version }) => version !== 2)
    expect(() => planMigrations(files, applied)).toThrow('Migration 0002_b.sql was never applied')
  })

  it('does not mind migrations of a newer Parley', () => {
    expect(
      planMigrations(files, [...files, { version: 4, name: '0004_d.sql', checksum: 'x' }]),
    ).toEqual([])
  })
})
