// node scripts/run.mjs FILE.ts [arguments…]: runs a TypeScript file of the repository with Node 24, installing
// what is missing first.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { constants } from 'node:os'
import { ensureToolchain, ROOT, runMain, ToolchainError } from './toolchain.mjs'

/** Signals that a terminal, a supervisor or an operator sends to the program that they see. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']

await runMain(async () => {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined)
    throw new ToolchainError('Usage: node scripts/run.mjs FILE.ts [arguments…]')
  const path = resolve(ROOT, file)
  if (!existsSync(path)) throw new ToolchainError(`${file} does not exist in ${ROOT}`)
  const { node, env } = await ensureToolchain({ quiet: true })
  process.exitCode = await runForwarding(node, [path, ...args], env)
})

async function runForwarding(node, args, env) {
  const child = spawn(node, args, { stdio: 'inherit', env })
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // Ctrl-C reaches the child by itself: a terminal signals all of its foreground programs. Twice would
      // read as "at once, and never mind the rest".
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      child.kill(signal)
    })
  }
  return await new Promise((done, fail) => {
    child.once('error', (error) =>
      fail(new ToolchainError(`${node} cannot be started: ${error.message}`)),
    )
    child.once('close', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)))
  })
}
