import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { build, type BuildOptions } from 'esbuild'
import { build as buildWithVite } from 'vite'

/**
 * Builds the workstation into out/{main,engine,preload,renderer}, as Electron runs it and as it is shipped.
 *   node build.ts                  all of it
 *   node build.ts --no-renderer    without the page, for work on the rest
 */
const { values } = parseArgs({ options: { 'no-renderer': { type: 'boolean', default: false } } })
const HERE = import.meta.dirname
const OUT = join(HERE, 'out')

const COMMON = {
  absWorkingDir: HERE,
  bundle: true,
  platform: 'node',
  // A type's import brings nothing along. Taken by the letter, as the compiler is told to, `import { type A }`
  // would leave an import of the module behind: the whole server in the engine, for the type of its router.
  tsconfigRaw: { compilerOptions: { target: 'es2024', verbatimModuleSyntax: false } },
  // What Electron 45 is made of.
  target: 'node24',
  // Kept beside the code for stack traces in development; the package leaves them out.
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

/** CommonJS packages inside an ES module ask for Node's modules by a `require` that such a module lacks. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module'
const require = __createRequire(import.meta.url)`

const BUNDLES = [
  {
    ...COMMON,
    entryPoints: ['src/main/main.ts'],
    outfile: join(OUT, 'main/main.js'),
    format: 'esm',
    external: ['electron'],
    banner: { js: REQUIRE },
  },
  {
    ...COMMON,
    entryPoints: ['src/engine/worker.ts'],
    outfile: join(OUT, 'engine/worker.js'),
    format: 'esm',
    // A native module: the one package that is shipped as it is.
    external: ['better-sqlite3'],
    banner: { js: REQUIRE },
  },
  {
    ...COMMON,
    entryPoints: ['src/preload/preload.ts'],
    outfile: join(OUT, 'preload/preload.cjs'),
    // A sandboxed preload is one CommonJS file that may require Electron and hardly more.
    platform: 'browser',
    target: 'chrome146',
    format: 'cjs',
    external: ['electron'],
  },
] as const satisfies BuildOptions[]

async function buildRenderer(): Promise<void> {
  await buildWithVite({ configFile: join(HERE, 'vite.renderer.config.ts'), logLevel: 'warn' })
}

for (const folder of ['main', 'engine', 'preload']) {
  await rm(join(OUT, folder), { recursive: true, force: true })
}
await Promise.all(BUNDLES.map((options) => build(options)))
if (!values['no-renderer']) await buildRenderer()
