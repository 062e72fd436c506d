import { expect, test } from 'vitest'
import { selectChecks } from './selection.mjs'

const STEPS = [
  'format',
  'lint',
  'types',
  'dependencies',
  'dead-code',
  'unit',
  'pg',
  'desktop-build',
  'chromium-host',
  'e2e',
]

/** `!` before a file: it finds others by its own place. */
function graphOf(importsOf) {
  return new Map(
    Object.entries(importsOf).map(([name, imports]) => [
      name.replace('!', ''),
      { imports, looksAround: name.startsWith('!') },
    ]),
  )
}

const GRAPH = graphOf({
  'packages/domain/src/sla.ts': [],
  'packages/domain/src/sla.test.ts': ['packages/domain/src/sla.ts'],
  'packages/domain/src/roles.ts': [],
  'packages/domain/src/roles.test.ts': ['packages/domain/src/roles.ts'],
  'packages/database/src/pool.ts': [],
  '!packages/database/src/testing.ts': ['packages/database/src/pool.ts'],
  'apps/server/src/main.ts': ['packages/domain/src/sla.ts', 'packages/database/src/pool.ts'],
  '!apps/server/src/main.pg.test.ts': ['packages/database/src/testing.ts'],
  'apps/server/src/rows.pg.test.ts': ['packages/database/src/testing.ts'],
  'apps/desktop/src/main/main.ts': ['apps/desktop/src/main/tray.ts'],
  'apps/desktop/src/main/tray.ts': [],
  'apps/desktop/src/renderer/list.tsx': ['packages/domain/src/roles.ts'],
  'apps/desktop/src/renderer/list.test.tsx': ['apps/desktop/src/renderer/list.tsx'],
  '!e2e/support/workstation.ts': [],
  'e2e/shell.spec.ts': ['e2e/support/workstation.ts'],
  'e2e/triage.spec.ts': ['e2e/support/workstation.ts', 'e2e/support/people.ts'],
  'e2e/support/people.ts': [],
})

const select = (...changed) => selectChecks(changed, GRAPH, STEPS)
const skipped = (choices) => STEPS.filter((step) => 'skipped' in choices[step])

test('a rule has the tests that reach it run, and every spec', () => {
  const choices = select('packages/domain/src/roles.ts')
  expect(choices['unit'].only).toEqual([
    'apps/desktop/src/renderer/list.test.tsx',
    'packages/domain/src/roles.test.ts',
  ])
  expect(choices['types'].only).toEqual(['apps/desktop', 'e2e', 'packages/domain'])
  expect(choices['e2e'].only).toEqual(['e2e/shell.spec.ts', 'e2e/triage.spec.ts'])
  expect(skipped(choices)).toEqual(['pg', 'chromium-host'])
})

test('a test that starts programs of its package by path runs with any of them', () => {
  const choices = select('packages/domain/src/sla.ts')
  expect(choices['pg'].only).toEqual(['apps/server/src/main.pg.test.ts'])
})

test('what tests of a package read is no import: any file of it may be what they stand on', () => {
  const all = ['apps/server/src/main.pg.test.ts', 'apps/server/src/rows.pg.test.ts']
  expect(select('packages/database/src/pool.ts')['pg'].only).toEqual(all)
  expect(select('packages/database/fixtures/rows.json')['pg'].only).toEqual(all)
  expect(select('packages/database/src/deleted.ts')['pg'].only).toEqual(all)
})

test('a changed test runs alone', () => {
  const choices = select('packages/domain/src/sla.test.ts')
  expect(choices['unit'].only).toEqual(['packages/domain/src/sla.test.ts'])
  expect(choices['types'].only).toEqual(['packages/domain'])
  expect(skipped(choices)).toEqual(['pg', 'desktop-build', 'chromium-host', 'e2e'])
})

test('a changed spec runs alone, and what specs share has those run that use it', () => {
  expect(select('e2e/shell.spec.ts')['e2e'].only).toEqual(['e2e/shell.spec.ts'])
  expect(select('e2e/support/people.ts')['e2e'].only).toEqual(['e2e/triage.spec.ts'])
})

test('the stand-in is checked when it has changed, or main, which runs on it', () => {
  for (const file of ['tools/chromium-host/dist/electron', 'apps/desktop/src/main/tray.ts']) {
    expect(select(file)['chromium-host']).not.toHaveProperty('skipped')
  }
})

test('documents are formatted and nothing more', () => {
  const choices = select('docs/ARCHITECTURE.md', 'README.md', 'tools/chromium-host/README.md')
  expect(skipped(choices)).toEqual(STEPS.filter((step) => step !== 'format' && step !== 'lint'))
  expect(skipped(select())).toEqual(skipped(choices))
})

test.each([
  'pnpm-lock.yaml',
  'packages/domain/package.json',
  'apps/desktop/tsconfig.renderer.json',
  'e2e/playwright.config.ts',
  'vitest.config.ts',
  '.oxlintrc.json',
  '.github/workflows/test.yml',
  'scripts/test.mjs',
  'packages/database/migrations/0042_more.sql',
  'e2e/support/global-setup.ts',
  'new-folder/unknown.bin',
  'Makefile',
])('%s means everything', (file) => {
  const choices = select('docs/ARCHITECTURE.md', file)
  for (const step of STEPS) expect(choices[step]).toEqual({ why: `${file} has changed` })
})

test('a step that the selection does not know runs', () => {
  expect(selectChecks([], GRAPH, ['bench'])['bench']).not.toHaveProperty('skipped')
})
