import { defineConfig } from 'vitest/config'

/** `unit`: pure, beside the code. `pg`: against real PostgreSQL, a database cloned for each file. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{apps,packages,tools,bench}/**/*.test.ts',
            '{apps,packages}/**/*.test.tsx',
            'scripts/*.test.mjs',
          ],
          exclude: [
            '**/node_modules/**',
            '**/*.pg.test.ts',
            // What only Linux can show, such as its packages.
            ...(process.platform === 'linux' ? [] : ['**/*.linux.test.ts']),
          ],
          // Pure tests share what they import: most of their time went into importing it again.
          isolate: false,
          setupFiles: ['scripts/real-time-again.mjs'],
          maxWorkers: 2,
          // Against what hangs. Other steps run beside this one: how long a test takes says nothing.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'pg',
          include: ['{apps,packages}/**/*.pg.test.ts', 'e2e/**/*.pg.test.ts'],
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/database/src/testing-global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
