// npm test: everything that must hold, steps side by side where the machine has the cores, with a summary.
//   npm test                      all steps
//   npm test -- --only unit,pg    some steps
//   npm test -- --changed [REF]   what the changes since REF can break; by default those of this branch, or on
//                                 main itself what is not committed
//   npm test -- --list            the steps' names

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { listChanged, readGraph } from './changed.mjs'
import { selectChecks } from './selection.mjs'
import { ensureToolchain, ROOT, runMain, ToolchainError } from './toolchain.mjs'
import { createTurns } from './turns.mjs'

/** What holds source files. */
const CODE = ['apps', 'packages', 'bench', 'e2e', 'tools']

/**
 * The steps in their order.
 *   name     for --only and the summary
 *   title    what it checks
 *   cores    how many of them it keeps busy
 *   bin      a command of node_modules/.bin of `cwd` or of the root, with `args`; or `check`, a function
 *   filters  how the command is told of single files of tests
 *   cwd      relative to the root; default the root
 *   config   files without which the step cannot mean anything: their absence is a failure, not a skip
 *   system   what it needs of the operating system (system-packages.mjs)
 *   platforms  where it means something; elsewhere it is no step
 *   session  true: with a D-Bus session of its own around it
 *   after    steps whose failure makes this one pointless: it then fails without running
 */
const STEPS = [
  { name: 'format', title: 'formatting', cores: 1, bin: 'oxfmt', args: ['--check', '.'] },
  {
    name: 'lint',
    title: 'lint',
    cores: 1,
    bin: 'oxlint',
    args: ['.'],
    config: ['.oxlintrc.json'],
  },
  {
    name: 'dependencies',
    title: 'who may import whom',
    cores: 1,
    bin: 'depcruise',
    args: [...CODE, '--config', '.dependency-cruiser.mjs'],
    config: ['.dependency-cruiser.mjs'],
  },
  {
    name: 'dead-code',
    title: 'nothing unused',
    cores: 1,
    bin: 'knip',
    args: [],
    config: ['knip.json'],
  },
  { name: 'types', title: 'types of every package', cores: 2, check: checkTypes },
  {
    name: 'desktop-build',
    title: 'desktop build',
    cores: 1,
    bin: 'turbo',
    args: ['run', 'build'],
    config: ['turbo.json'],
  },
  {
    name: 'chromium-host',
    title: 'the stand-in Electron',
    cores: 1,
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
    name: 'unit',
    title: 'unit tests',
    cores: 1,
    bin: 'vitest',
    args: ['run', '--project', 'unit'],
    filters: (file) => file,
    config: ['vitest.config.ts'],
  },
  {
    name: 'pg',
    title: 'tests on PostgreSQL',
    cores: 2,
    bin: 'vitest',
    args: ['run', '--project', 'pg'],
    filters: (file) => file,
    config: ['vitest.config.ts'],
  },
  {
    name: 'simulation',
    title: 'workstations, servers and all that can go wrong between them, by seeds',
    cores: 2,
    check: simulateSeeds,
  },
  {
    name: 'e2e',
    title: 'server, database and workstation together',
    cores: 2,
    bin: 'playwright',
    args: ['test'],
    // A regular expression, of the path from `cwd`.
    filters: (file) => `/${relative('e2e', file)}$`.replaceAll('\\', '/').replaceAll('.', '\\.'),
    cwd: 'e2e',
    config: ['e2e/playwright.config.ts'],
    system: ['chromium', 'xvfb', 'dbus'],
    after: ['desktop-build'],
  },
].filter(({ platforms }) => platforms?.includes(process.platform) ?? true)

const PARALLEL_TYPE_CHECKS = 2
/** Of a failed step's output, repeated at the end: test runners name there what failed. */
const LAST_WORDS = 4_000
const WINDOWS = process.platform === 'win32'
/** They write to us and not to the terminal, which they would ask. */
const COLOURS = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}

await runMain(async () => {
  const { only, changed, list } = parseOptions()
  if (list) {
    process.stdout.write(STEPS.map(({ name, title }) => `${name.padEnd(16)}${title}\n`).join(''))
    return
  }
  const steps = chooseSteps(only)
  const tools = await ensureToolchain({ quiet: true })
  const choices = changed === undefined ? {} : await chooseByChange(changed, steps, tools)
  const results = await runSteps(steps, choices, tools)
  summarise(results)
})

function parseOptions() {
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2).flatMap(withValue),
      options: {
        only: { type: 'string' },
        changed: { type: 'string' },
        list: { type: 'boolean' },
      },
    })
    return { only: values.only, changed: values.changed, list: values.list === true }
  } catch (error) {
    throw new ToolchainError(
      `${error.message}. Usage: npm test [-- --only STEP,STEP | --changed [REF] | --list]`,
    )
  }
}

/** An option may not be without a value to Node: --changed alone has an empty one. */
function withValue(argument, index, all) {
  const isAlone = argument === '--changed' && (all[index + 1] ?? '--').startsWith('--')
  return isAlone ? ['--changed='] : [argument]
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

// --- what a change can break -----------------------------------------------------------------------------

async function chooseByChange(ref, steps, tools) {
  const { base, files } = listChanged(ref)
  let imports = ''
  const code = await runTool(
    findBinary('depcruise', ROOT),
    [...CODE, '--config', '.dependency-cruiser.mjs', '--output-type', 'json'],
    ROOT,
    { tools, print: (text) => (imports += text), complain: (text) => process.stderr.write(text) },
  )
  if (code !== 0) throw new ToolchainError('What imports what cannot be told: see above')
  const names = steps.map(({ name }) => name)
  const choices = selectChecks(files, readGraph(imports), names)
  process.stdout.write(`${files.length} files differ from ${base.slice(0, 12)}\n`)
  for (const name of names) {
    const { why, skipped } = choices[name]
    process.stdout.write(`${name.padEnd(16)}${why ?? `left out: ${skipped}`}\n`)
  }
  return choices
}

// --- running ---------------------------------------------------------------------------------------------

/**
 * In their order, side by side: the next one begins when there are cores for it.
 * @returns {Promise<Result[]>}
 * @typedef {{ name: string, seconds: number, outcome: 'passed' | 'FAILED' | 'left out', reason: string, lastWords: string }} Result
 */
async function runSteps(steps, choices, tools) {
  const beginTurn = createTurns((text) => process.stdout.write(text))
  const results = new Map()
  const running = new Set()
  let idle = availableParallelism()
  for (const step of steps) {
    const { only, skipped } = choices[step.name] ?? {}
    if (skipped !== undefined) {
      const left = {
        name: step.name,
        seconds: 0,
        outcome: 'left out',
        reason: skipped,
        lastWords: '',
      }
      results.set(step.name, Promise.resolve(left))
      continue
    }
    while (running.size > 0 && step.cores > idle) await Promise.race(running)
    idle -= step.cores
    const turn = beginTurn()
    const ended = runStep(step, { only, earlier: results, print: turn.print, tools }).finally(
      () => {
        idle += step.cores
        running.delete(ended)
        turn.end()
      },
    )
    running.add(ended)
    results.set(step.name, ended)
  }
  return await Promise.all(results.values())
}

async function runStep(step, context) {
  context.print(`\n=== ${step.name}: ${step.title}\n`)
  const began = Date.now()
  let lastWords = ''
  const print = (text) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS)
    context.print(text)
  }
  const reason = await findFailure(step, { ...context, print })
  const seconds = (Date.now() - began) / 1000
  if (reason !== '') context.print(`--- ${step.name} failed: ${reason}\n`)
  return {
    name: step.name,
    seconds,
    outcome: reason === '' ? 'passed' : 'FAILED',
    reason,
    lastWords,
  }
}

/** Runs the step. @returns why it failed; '' if it passed */
async function findFailure(step, context) {
  for (const name of step.after ?? []) {
    const earlier = await context.earlier.get(name)
    if (earlier?.outcome === 'FAILED') return `not run, because ${name} failed`
  }
  const missing = (step.config ?? []).filter((file) => !existsSync(join(ROOT, file)))
  if (missing.length > 0) return `${missing.join(', ')} does not exist`
  if (step.system !== undefined) {
    const script = join(ROOT, 'scripts/system-packages.mjs')
    const code = await runTool(process.execPath, [script, ...step.system], ROOT, context)
    if (code !== 0) return `this machine lacks something of ${step.system.join(', ')}`
  }
  if (step.check !== undefined) return await step.check(context)
  const code = await runCommand(step, context)
  return code === 0 ? '' : `exit code ${code}`
}

async function runCommand(step, context) {
  const cwd = join(ROOT, step.cwd ?? '.')
  const file = findBinary(step.bin, cwd)
  if (file === undefined) {
    context.print(`${step.bin} is not installed in ${step.cwd ?? 'the root'}\n`)
    return 127
  }
  const args = [
    ...step.args,
    ...(step.filters === undefined ? [] : (context.only ?? []).map(step.filters)),
  ]
  return step.session === true
    ? await runTool('dbus-run-session', ['--', file, ...args], cwd, context)
    : await runTool(file, args, cwd, context)
}

/** Runs a program, and prints what it says. @returns its exit code; 127 if it could not be started */
async function runTool(command, args, cwd, { tools, print, complain = print }) {
  const child = spawn(command, args, {
    cwd,
    env: { ...tools.env, ...COLOURS },
    shell: WINDOWS && command.endsWith('.cmd'),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.setEncoding('utf8').on('data', print)
  child.stderr.setEncoding('utf8').on('data', complain)
  return await new Promise((done) => {
    child.once('error', (error) => {
      print(`${command} cannot be started: ${error.message}\n`)
      done(127)
    })
    child.once('close', (code, signal) => {
      if (signal !== null) print(`${command} was ended by ${signal}\n`)
      done(code ?? 128)
    })
  })
}

/** Runs a program of the workspace without showing what it says. */
async function collect(command, args, tools) {
  let output = ''
  const code = await runTool(command, args, ROOT, { tools, print: (text) => (output += text) })
  return { code, output }
}

function findBinary(name, cwd) {
  const file = WINDOWS ? `${name}.cmd` : name
  return [cwd, ROOT]
    .map((folder) => join(folder, 'node_modules', '.bin', file))
    .find((path) => existsSync(path))
}

// --- simulation ------------------------------------------------------------------------------------------

async function simulateSeeds(context) {
  // A simulation does one thing at a time, so two of them go side by side; the other plants faults that have to be found.
  const runs = [['--seeds', '50', '--workstations', '4', '--steps', '20'], ['--planted']]
  const codes = await Promise.all(
    runs.map((args) =>
      runTool(context.tools.node, ['tools/simulate-sync/src/main.ts', ...args], ROOT, context),
    ),
  )
  const failed = codes.findIndex((code) => code !== 0)
  if (failed !== -1)
    return `npm run simulate-sync -- ${runs[failed].join(' ')}: exit code ${codes[failed]}`
  return ''
}

// --- types -----------------------------------------------------------------------------------------------

async function checkTypes({ only, print, tools }) {
  const tsc = findBinary('tsc', ROOT)
  if (tsc === undefined) return 'tsc is not installed'
  const packages = await listPackages()
  const untyped = packages.filter(({ configs }) => configs.length === 0).map(({ folder }) => folder)
  const projects = packages
    .filter(({ folder }) => only?.includes(folder) ?? true)
    .flatMap(({ configs }) => configs)
  const failed = []
  const worker = async () => {
    for (let project = projects.shift(); project !== undefined; project = projects.shift()) {
      const { code, output } = await collect(tsc, ['-p', project, '--pretty', 'false'], tools)
      // Printed whole: two compilers' lines must not mix.
      print(`${code === 0 ? 'ok     ' : 'failed '} ${project}\n${output}`)
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

// --- summary ---------------------------------------------------------------------------------------------

function summarise(results) {
  const width = Math.max(...results.map(({ name }) => name.length))
  // Again, where whoever is shown only the end of a long output finds it.
  for (const { name, outcome, lastWords } of results) {
    if (outcome !== 'FAILED') continue
    process.stdout.write(`\n=== ${name} failed, and said last:\n${lastWords}\n`)
  }
  process.stdout.write('\n=== summary\n')
  for (const { name, outcome, seconds, reason } of results) {
    const line = `${name.padEnd(width)}  ${outcome.padEnd(8)}  ${seconds.toFixed(1).padStart(7)} s`
    process.stdout.write(reason === '' ? `${line}\n` : `${line}  ${reason}\n`)
  }
  const count = (wanted) => results.filter(({ outcome }) => outcome === wanted).length
  process.exitCode = count('FAILED') === 0 ? 0 : 1
  const left = count('left out')
  process.stdout.write(
    `\n${count('passed')} passed, ${count('FAILED')} failed${left === 0 ? '' : `, ${left} left out`}\n`,
  )
}
