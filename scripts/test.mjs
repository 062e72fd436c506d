// npm test: everything that must hold, step by step, with a summary at the end.
//   npm test                      all steps
//   npm test -- --only unit,pg    some steps
//   npm test -- --list            their names

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureSystem } from './system-packages.mjs'
import { ensureToolchain, ROOT, run, runMain, say, ToolchainError } from './toolchain.mjs'

/**
 * The steps in their order.
 *   name     for --only and the summary
 *   title    what it checks
 *   bin      a command of node_modules/.bin of `cwd` or of the root, with `args`; or `check`, a function
 *   cwd      relative to the root; default the root
 *   config   files without which the step cannot mean anything: their absence is a failure, not a skip
 *   system   what it needs of the operating system (system-packages.mjs)
 *   platforms  where it means something; elsewhere it is no step
 *   session  true: with a D-Bus session of its own around it
 *   after    steps whose failure makes this one pointless: it then fails without running
 */
const STEPS = [
  { name: 'format', title: 'formatting', bin: 'oxfmt', args: ['--check', '.'] },
  { name: 'lint', title: 'lint', bin: 'oxlint', args: ['.'], config: ['.oxlintrc.json'] },
  { name: 'types', title: 'types of every package', check: checkTypes },
  {
    name: 'dependencies',
    title: 'who may import whom',
    bin: 'depcruise',
    args: ['apps', 'packages', 'bench', 'e2e', 'tools', '--config', '.dependency-cruiser.mjs'],
    config: ['.dependency-cruiser.mjs'],
  },
  { name: 'dead-code', title: 'nothing unused', bin: 'knip', args: [], config: ['knip.json'] },
  {
    name: 'unit',
    title: 'unit tests',
    bin: 'vitest',
    args: ['run', '--project', 'unit'],
    config: ['vitest.config.ts'],
  },
  {
    name: 'pg',
    title: 'tests on PostgreSQL',
    bin: 'vitest',
    args: ['run', '--project', 'pg'],
    config: ['vitest.config.ts'],
  },
  {
    name: 'desktop-build',
    title: 'desktop build',
    bin: 'turbo',
    args: ['run', 'build'],
    config: ['turbo.json'],
  },
  {
    name: 'chromium-host',
    title: 'the stand-in Electron',
    bin: 'playwright',
    args: ['test'],
    cwd: 'tools/chromium-host',
    config: ['tools/chromium-host/playwright.config.ts'],
    system: ['chromium', 'xvfb', 'dbus'],
    // macOS and Windows have Electron itself.
    platforms: ['linux'],
    session: true,
  },
  {
    name: 'e2e',
    title: 'server, database and workstation together',
    bin: 'playwright',
    args: ['test'],
    cwd: 'e2e',
    config: ['e2e/playwright.config.ts'],
    system: ['chromium', 'xvfb', 'dbus'],
    after: ['desktop-build'],
  },
].filter(({ platforms }) => platforms?.includes(process.platform) ?? true)

const PARALLEL_TYPE_CHECKS = 2
const WINDOWS = process.platform === 'win32'

await runMain(async () => {
  const { only, list } = parseOptions()
  if (list) {
    process.stdout.write(STEPS.map(({ name, title }) => `${name.padEnd(16)}${title}\n`).join(''))
    return
  }
  const chosen = chooseSteps(only)
  const tools = await ensureToolchain({ quiet: true })
  const results = []
  for (const step of chosen) results.push(await runStep(step, results, tools))
  summarise(results)
})

function parseOptions() {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, list: { type: 'boolean' } },
    })
    return { only: values.only, list: values.list === true }
  } catch (error) {
    throw new ToolchainError(`${error.message}. Usage: npm test [-- --only STEP,STEP | --list]`)
  }
}

function chooseSteps(only) {
  if (only === undefined) return STEPS
  const wanted = only.split(',').map((name) => name.trim())
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name))
  if (unknown.length > 0) {
    throw new ToolchainError(
      `Unknown step ${unknown.join(', ')}; the steps are ${STEPS.map(({ name }) => name).join(', ')}`,
    )
  }
  return STEPS.filter(({ name }) => wanted.includes(name))
}

/** @returns {{ name: string, passed: boolean, seconds: number, reason: string }} */
async function runStep(step, earlier, tools) {
  process.stdout.write(`\n=== ${step.name}: ${step.title}\n`)
  const began = Date.now()
  const reason = await findFailure(step, earlier, tools)
  const seconds = (Date.now() - began) / 1000
  if (reason !== '') process.stdout.write(`--- ${step.name} failed: ${reason}\n`)
  return { name: step.name, passed: reason === '', seconds, reason }
}

/** Runs the step. @returns why it failed; '' if it passed */
async function findFailure(step, earlier, tools) {
  const broken = earlier.find(({ name, passed }) => !passed && step.after?.includes(name))
  if (broken !== undefined) return `not run, because ${broken.name} failed`
  const missing = (step.config ?? []).filter((file) => !existsSync(join(ROOT, file)))
  if (missing.length > 0) return `${missing.join(', ')} does not exist`
  if (step.system !== undefined) {
    try {
      await ensureSystem({ need: step.system })
    } catch (error) {
      if (error instanceof ToolchainError) return error.message
      throw error
    }
  }
  if (step.check !== undefined) return await step.check(tools)
  const code = await runCommand(step, tools)
  return code === 0 ? '' : `exit code ${code}`
}

async function runCommand(step, tools) {
  const cwd = join(ROOT, step.cwd ?? '.')
  const file = findBinary(step.bin, cwd)
  if (file === undefined) {
    say(`${step.bin} is not installed in ${step.cwd ?? 'the root'}`)
    return 127
  }
  return step.session === true
    ? await runTool('dbus-run-session', ['--', file, ...step.args], cwd, tools)
    : await runTool(file, step.args, cwd, tools)
}

async function runTool(file, args, cwd, tools) {
  return await run(file, args, { cwd, env: tools.env, shell: WINDOWS && file.endsWith('.cmd') })
}

function findBinary(name, cwd) {
  const file = WINDOWS ? `${name}.cmd` : name
  return [cwd, ROOT]
    .map((folder) => join(folder, 'node_modules', '.bin', file))
    .find((path) => existsSync(path))
}

// --- types -----------------------------------------------------------------------------------------------

async function checkTypes(tools) {
  const tsc = findBinary('tsc', ROOT)
  if (tsc === undefined) return 'tsc is not installed'
  const packages = await listPackages()
  const untyped = packages.filter(({ configs }) => configs.length === 0).map(({ folder }) => folder)
  const projects = packages.flatMap(({ configs }) => configs)
  const failed = []
  const worker = async () => {
    for (let project = projects.shift(); project !== undefined; project = projects.shift()) {
      const { code, output } = await runCollecting(
        tsc,
        ['-p', project, '--pretty', 'false'],
        tools.env,
      )
      // Printed whole: two compilers' lines must not mix.
      process.stdout.write(`${code === 0 ? 'ok     ' : 'failed '} ${project}\n${output}`)
      if (code !== 0) failed.push(project)
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_TYPE_CHECKS }, worker))
  if (untyped.length > 0) return `no tsconfig.json in ${untyped.join(', ')}`
  return failed.length === 0 ? '' : `type errors in ${failed.toSorted().join(', ')}`
}

/** Every package of pnpm-workspace.yaml's folders, with its tsconfig*.json files. */
async function listPackages() {
  const folders = ['e2e', 'bench']
  for (const parent of ['apps', 'packages', 'tools']) {
    for (const entry of await readdir(join(ROOT, parent), { withFileTypes: true })) {
      if (entry.isDirectory()) folders.push(`${parent}/${entry.name}`)
    }
  }
  const packages = []
  for (const folder of folders) {
    if (!existsSync(join(ROOT, folder, 'package.json'))) continue
    const files = await readdir(join(ROOT, folder))
    const configs = files
      .filter((file) => /^tsconfig(\.\w+)?\.json$/.test(file))
      .map((file) => `${folder}/${file}`)
    packages.push({ folder, configs })
  }
  return packages
}

async function runCollecting(command, args, env) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env,
    shell: WINDOWS,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (status) => done(status))
  })
  return { code, output }
}

// --- summary ---------------------------------------------------------------------------------------------

function summarise(results) {
  const width = Math.max(...results.map(({ name }) => name.length))
  process.stdout.write('\n=== summary\n')
  for (const { name, passed, seconds, reason } of results) {
    const line = `${name.padEnd(width)}  ${passed ? 'passed' : 'FAILED'}  ${seconds.toFixed(1).padStart(7)} s`
    process.stdout.write(reason === '' ? `${line}\n` : `${line}  ${reason}\n`)
  }
  const failed = results.filter(({ passed }) => !passed).length
  process.exitCode = failed === 0 ? 0 : 1
  process.stdout.write(`\n${results.length - failed} passed, ${failed} failed\n`)
}
