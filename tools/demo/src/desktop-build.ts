import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { DESKTOP, ROOT } from './paths.ts'
import { startProcess } from './processes.ts'
import { StartError } from './start-error.ts'

const SOURCES = [
  'apps/desktop/src',
  'apps/desktop/build.ts',
  'apps/desktop/vite.renderer.config.ts',
  'packages/contracts/src',
  'packages/domain/src',
]
const OUTPUTS = ['main/main.js', 'engine/worker.js', 'preload/preload.cjs', 'renderer/index.html']

/**
 * Builds the workstation where a source is newer than what was built of it.
 * @throws StartError where the build fails; its own words are then on the terminal
 */
export async function buildDesktop(
  onProgress: (line: string) => void,
  stopped: AbortSignal,
): Promise<void> {
  const outputs = OUTPUTS.map((file) => join(DESKTOP, 'out', file))
  const built = outputs.every((file) => existsSync(file))
    ? Math.min(...outputs.map((file) => statSync(file).mtimeMs))
    : 0
  if (SOURCES.every((source) => newest(join(ROOT, source)) < built)) return
  onProgress('Building the workstation')
  const build = await startProcess({
    name: "the workstation's build",
    command: process.execPath,
    args: ['build.ts'],
    graceMs: 1_000,
    stopped,
    spawn: { cwd: DESKTOP, env: process.env, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  // Its remarks on chunk sizes are no news to who starts a demo; why it failed is.
  let output = ''
  for (const stream of [build.child.stdout, build.child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const { code, signal } = await build.ended
  await build.stop()
  stopped.throwIfAborted()
  if (code !== 0) process.stderr.write(output)
  if (code !== 0)
    throw new StartError(
      `The workstation cannot be built (exit ${signal ?? code}, see above); --server-only starts without it`,
    )
}

/** Of a file, or of everything in a folder but its tests; epoch milliseconds. */
function newest(path: string): number {
  const entry = statSync(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  const names = readdirSync(path).filter((name) => !/\.test\.tsx?$/.test(name))
  return Math.max(0, ...names.map((name) => newest(join(path, name))))
}
