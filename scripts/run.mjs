// node scripts/run.mjs FILE.ts [arguments…]: runs a TypeScript file of the repository with Node 24, installing
// what is missing first.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { constants } from 'node:os'
import { ensureToolchain, ROOT, runMain, ToolchainError } from './toolchain.mjs'

/** Signals that a terminal, a supervisor or an operator sends to the program that they see. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP']
const PARENT_CHECKED_EVERY_MS = 1_000

await runMain(async () => {
  const [file, ...args] = process.argv.slice(2)
  if (file === undefined)
    throw new ToolchainError('Usage: node scripts/run.mjs FILE.ts [arguments…]')
  const path = resolve(ROOT, file)
  if (!existsSync(path)) throw new ToolchainError(`${file} does not exist in ${ROOT}`)
  const { node, env } = await ensureToolchain({ quiet: true })
  // What was compiled before, types taken off: a server begins in a fraction of the time and without the compiler in memory.
  const compiled = { NODE_COMPILE_CACHE: join(ROOT, '.parley', 'compile-cache'), ...env }
  process.exitCode = await runForwarding(node, [path, ...args], compiled)
})

async function runForwarding(node, args, env) {
  // Over the channel the child learns of our end, should we have no time to tell it.
  const child = spawn(node, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'], env })
  endWithParent(() => child.kill('SIGTERM'))
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

/**
 * npm that is told to end does not always pass it on, and a shell between it and us never does: we see only that
 * nobody waits for us any more. Started by hand from a shell, we outlive it.
 */
function endWithParent(end) {
  const { npm_lifecycle_event: npmScript, PARLEY_ENDS_WITH_PARENT: isAsked } = process.env
  if (npmScript === undefined && isAsked === undefined) return
  const began = ancestors(npmScript !== undefined)
  const timer = setInterval(() => {
    if (ancestors(npmScript !== undefined) === began) return
    clearInterval(timer)
    end()
  }, PARENT_CHECKED_EVERY_MS).unref()
}

/** Who has ended is replaced, by the init process or the like. Between npm and us may stand its shell. */
function ancestors(isOfNpm) {
  if (!isOfNpm || process.platform !== 'linux') return String(process.ppid)
  try {
    const line = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
    // The second field, the name, may hold spaces and ends with the last parenthesis; the parent is the fourth.
    return `${process.ppid} ${line.slice(line.lastIndexOf(')') + 2).split(' ')[1]}`
  } catch {
    return 'gone'
  }
}
