import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCatalogue, renderForeignKeys, renderIndexes, renderTable } from './catalogue.ts'
import { INITIAL_TEAMS, SETTLED_DIFFERENCES, TABLES, VIEWS } from './data-model.facts.ts'
import { createTestDatabase, type TestDatabase } from './testing.ts'

const SPECIFICATION = new URL('../fixtures/data-model.md', import.meta.url)

let live: TestDatabase
let liveFacts: string[]

beforeAll(async () => {
  live = await createTestDatabase()
  liveFacts = await readCatalogue(live.pool)
})

afterAll(async () => {
  await live.drop()
})

describe('the database', () => {
  it('has everything that the facts demand', async () => {
    expect(missing(await catalogueOfFacts(), liveFacts)).toEqual([])
  })

  it('differs from data-model.md in nothing but what was settled', async () => {
    expect(missing(await catalogueOfSpecification(), liveFacts)).toEqual(
      SETTLED_DIFFERENCES.toSorted(),
    )
  })

  it('begins with the three teams', async () => {
    const { rows } = await live.pool.query('SELECT name, slug FROM teams ORDER BY name')
    expect(rows).toEqual(INITIAL_TEAMS)
  })
})

describe('the facts', () => {
  it('leave out nothing of data-model.md', async () => {
    const omitted = missing(await catalogueOfSpecification(), await catalogueOfFacts())
    expect(omitted).toEqual(SETTLED_DIFFERENCES.toSorted())
  })

  it('cover every table and view that data-model.md creates', async () => {
    const statements = await readSpecification()
    const named = statements.flatMap(
      (sql) => /CREATE (?:TABLE|MATERIALIZED VIEW) (\w+)/.exec(sql)?.[1] ?? [],
    )
    const covered = new Set([...TABLES.map(({ table }) => table), ...VIEWS.map(({ view }) => view)])
    expect(named).toHaveLength(30)
    expect(named.filter((name) => !covered.has(name))).toEqual([])
  })
})

function missing(expected: string[], actual: string[]): string[] {
  const present = new Set(actual)
  return expected.filter((fact) => !present.has(fact))
}

async function catalogueOf(statements: string[]): Promise<string[]> {
  await using scratch = await createTestDatabase({ empty: true })
  await scratch.pool.query('CREATE EXTENSION btree_gist')
  for (const statement of statements) await scratch.pool.query(statement)
  return await readCatalogue(scratch.pool)
}

async function catalogueOfFacts(): Promise<string[]> {
  return await catalogueOf([
    ...TABLES.map(renderTable),
    ...TABLES.flatMap(renderForeignKeys),
    ...VIEWS.map(({ view, query }) => `CREATE MATERIALIZED VIEW ${view} AS ${query}`),
    ...[
      ...TABLES.map((one) => ({ name: one.table, ...one })),
      ...VIEWS.map((one) => ({ name: one.view, ...one })),
    ].flatMap(({ name, indexes }) => renderIndexes(name, indexes)),
  ])
}

/** The SQL blocks of data-model.md that create something; its INSERTs are examples. */
async function readSpecification(): Promise<string[]> {
  const text = await readFile(SPECIFICATION, 'utf8')
  const blocks = [...text.matchAll(/```sql\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  return blocks.filter((block) => block.includes('CREATE '))
}

async function catalogueOfSpecification(): Promise<string[]> {
  return await catalogueOf(await readSpecification())
}
