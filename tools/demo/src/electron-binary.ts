import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

import { DESKTOP, ROOT, STAND_IN, STATE } from './paths.ts'
import { startProcess, within } from './processes.ts'
import { codeOf, StartError } from './start-error.ts'

/** What the workstation runs on. */
export interface Host {
  kind: 'electron' | 'stand_in'
  /** In words, for the terminal. */
  name: string
  executable: string
  switches: string[]
}

const DOWNLOAD_TIMEOUT_MS = 60_000
/** After this long a download that failed is tried again: networks change. */
const TRY_AGAIN_AFTER_MS = 14 * 86_400_000

/**
 * Electron where its binary is installed or can be downloaded, else the stand-in on Chromium. A download
 * that failed is remembered, so that later starts do not wait for it.
 * @throws StartError where neither can be had
 */
export async function chooseHost(
  onProgress: (line: string) => void,
  stopped: AbortSignal,
): Promise<Host> {
  const electron = installedElectron() ?? (await downloadElectron(onProgress, stopped))
  if (electron !== null) {
    // Chromium's sandbox refuses to run as root.
    const isRoot = process.platform === 'linux' && process.getuid?.() === 0
    return {
      kind: 'electron',
      name: 'Electron',
      executable: electron,
      switches: isRoot ? ['--no-sandbox'] : [],
    }
  }
  if (process.platform !== 'linux') {
    throw new StartError(
      "Electron's binary cannot be downloaded, and its stand-in runs on Linux only: start with --server-only, or where github.com can be reached",
    )
  }
  return {
    kind: 'stand_in',
    name: 'Chromium, in place of Electron',
    executable: STAND_IN,
    switches: [],
  }
}

/** Asked of the files and not of the package, which would go and download what is missing. */
function installedElectron(): string | null {
  const folder = electronPackage()
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const executable = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(executable) ? executable : null
}

function electronPackage(): string {
  return dirname(createRequire(join(DESKTOP, 'package.json')).resolve('electron/package.json'))
}

async function downloadElectron(
  onProgress: (line: string) => void,
  stopped: AbortSignal,
): Promise<string | null> {
  const folder = electronPackage()
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string
  }
  const memory = join(STATE, 'electron-unavailable.json')
  if (await failedLately(memory, version)) return null
  onProgress(`Downloading Electron ${version} (once, ${DOWNLOAD_TIMEOUT_MS / 1000} s at most)`)
  const download = await startProcess({
    name: "Electron's download",
    command: process.execPath,
    args: [join(folder, 'install.js')],
    graceMs: 1_000,
    stopped,
    spawn: { cwd: folder, env: process.env, stdio: 'ignore' },
  })
  const inTime = await within(download.ended, DOWNLOAD_TIMEOUT_MS)
  await download.stop()
  stopped.throwIfAborted()
  const executable = installedElectron()
  if (executable !== null) {
    await rm(memory, { force: true })
    return executable
  }
  onProgress(
    `Electron's binary cannot be downloaded here (${inTime ? 'the download failed' : 'it took too long'}); the workstation runs on Chromium instead`,
  )
  await remember(memory, version)
  return null
}

async function failedLately(memory: string, version: string): Promise<boolean> {
  try {
    const failed = JSON.parse(await readFile(memory, 'utf8')) as { version?: string; at?: number }
    return failed.version === version && Date.now() - (failed.at ?? 0) < TRY_AGAIN_AFTER_MS
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return false
    throw error
  }
}

async function remember(memory: string, version: string): Promise<void> {
  await mkdir(STATE, { recursive: true })
  await writeFile(`${memory}.next`, `${JSON.stringify({ version, at: Date.now() })}\n`)
  await rename(`${memory}.next`, memory)
}

/**
 * Installs what the host needs of the operating system, where we may.
 * @throws StartError where it is missing and we may not
 */
export async function ensureSystemPackages(needs: readonly ('chromium' | 'xvfb')[]): Promise<void> {
  if (process.platform !== 'linux' || needs.length === 0) return
  // Not in a group of its own and not to be killed: a package manager that is cut short leaves a mess.
  const install = spawn(process.execPath, [join(ROOT, 'scripts/system-packages.mjs'), ...needs], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise((resolve, reject) => {
    install.once('error', reject)
    install.once('exit', resolve)
  })
  if (code !== 0)
    throw new StartError(
      `The workstation needs ${needs.join(' and ')} (see above): install them, or start with --server-only`,
    )
}
