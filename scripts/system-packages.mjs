// What tests and demonstrations need of the operating system besides Node: installed where we may (root on
// Debian and its kin), named where we may not.

import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { run, runMain, say, ToolchainError } from './toolchain.mjs'

/** For each need: the Debian packages that give it, and how to see that it is there. */
const NEEDS = {
  chromium: {
    packages: ['chromium', 'fonts-dejavu-core', 'fonts-noto-color-emoji'],
    present: () => anyOnPath(['chromium', 'chromium-browser', 'google-chrome']),
  },
  xvfb: { packages: ['xvfb', 'xauth'], present: () => anyOnPath(['Xvfb']) },
  dbus: {
    packages: ['dbus', 'libnotify-bin'],
    present: () =>
      ['dbus-daemon', 'dbus-run-session', 'notify-send'].every((name) => anyOnPath([name])),
  },
}

/**
 * Makes sure that the named needs are met; does nothing on macOS and Windows, which bring their own.
 * @param {{ need: (keyof typeof NEEDS)[] }} options
 * @throws {ToolchainError} if something is missing that we may not or could not install
 */
export async function ensureSystem({ need }) {
  if (process.platform !== 'linux') return
  const missing = need.filter((name) => !requirement(name).present())
  if (missing.length === 0) return
  const packages = missing.flatMap((name) => requirement(name).packages)
  const advice = `apt-get install ${packages.join(' ')}`
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    throw new ToolchainError(
      `This machine lacks ${missing.join(', ')}; install what gives them, on Debian as root: ${advice}`,
    )
  }
  say(`Installing ${packages.join(', ')} (once)`)
  await aptGet(['update'], advice)
  await aptGet(['install', '--yes', '--no-install-recommends', ...packages], advice)
  const still = missing.filter((name) => !requirement(name).present())
  if (still.length > 0)
    throw new ToolchainError(
      `${packages.join(', ')} were installed but ${still.join(', ')} cannot be found`,
    )
}

function requirement(name) {
  const found = NEEDS[name]
  if (found === undefined)
    throw new ToolchainError(
      `Unknown system need "${name}"; known: ${Object.keys(NEEDS).join(', ')}`,
    )
  return found
}

async function aptGet(args, advice) {
  // Another apt may be at work on a new machine: wait for its lock.
  const code = await run(
    'apt-get',
    ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', ...args],
    {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    },
  )
  if (code !== 0)
    throw new ToolchainError(
      `apt-get ${args[0]} failed (exit ${code}); its message is above. Needed: ${advice}`,
    )
}

function anyOnPath(names) {
  // sbin is where daemons live, and not on everybody's PATH.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin']
  return folders.some((folder) =>
    names.some((name) => folder !== '' && runnable(join(folder, name))),
  )
}

function runnable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await runMain(() => ensureSystem({ need: process.argv.slice(2) }))
}
