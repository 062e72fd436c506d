// What has changed, and who imports whom: what selection.mjs works on.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, ToolchainError } from './toolchain.mjs'

const LOOKS_AROUND = /import\.meta\.(url|dirname|filename|resolve)|process\.cwd\(\)/

/**
 * @param {string} ref '' for where this branch left main, or HEAD on main itself
 * @returns {{ base: string, files: string[] }} every file that differs from there, uncommitted, untracked and
 *   deleted ones included
 * @throws {ToolchainError} if there is no such commit
 */
export function listChanged(ref) {
  const base = findBase(ref)
  const files = [
    ...split(git('diff', '--name-only', '--no-renames', '-z', base)),
    ...split(git('ls-files', '--others', '--exclude-standard', '-z')),
  ]
  return { base, files: [...new Set(files)].toSorted() }
}

function findBase(ref) {
  if (ref !== '') return git('merge-base', ref, 'HEAD').trim()
  if (git('rev-parse', '--abbrev-ref', 'HEAD').trim() === 'main') return 'HEAD'
  return git('merge-base', 'main', 'HEAD').trim()
}

function git(...args) {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) return stdout
  const reason = error?.message ?? stderr.trim()
  throw new ToolchainError(`git ${args.join(' ')} failed: ${reason}. Name a commit: --changed REF`)
}

function split(output) {
  return output.split('\0').filter((name) => name !== '')
}

/**
 * @param {string} output of dependency-cruiser, as JSON
 * @returns {import('./selection.mjs').Graph}
 */
export function readGraph(output) {
  const own = JSON.parse(output).modules.filter(
    ({ source, coreModule }) => coreModule !== true && !source.includes('node_modules/'),
  )
  return new Map(
    own.map(({ source, dependencies }) => [
      source,
      {
        imports: dependencies.map(({ resolved }) => resolved),
        looksAround: LOOKS_AROUND.test(readFileSync(join(ROOT, source), 'utf8')),
      },
    ]),
  )
}
