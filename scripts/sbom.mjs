// npm run sbom [-- FILE]: every component of the two programs with its version, hash and licence, as CycloneDX, from the
// lockfile alone.

import { ensureToolchain, ROOT, run, runMain, ToolchainError } from './toolchain.mjs'

await runMain(async () => {
  const [file = 'parley.cdx.json', ...more] = process.argv.slice(2)
  if (more.length > 0) throw new ToolchainError('Usage: npm run sbom [-- FILE]')
  const { pnpm, env } = await ensureToolchain({ quiet: true })
  const args = ['sbom', '--lockfile-only', '--prod', '--sbom-format', 'cyclonedx', '--out', file]
  process.exitCode = await run(pnpm, args, { cwd: ROOT, env, shell: pnpm.endsWith('.cmd') })
  if (process.exitCode === 0) process.stdout.write(`Components are in ${file}\n`)
})
