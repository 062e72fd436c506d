import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * Packs an app for this machine's processor by electron-builder and electron-builder.yml, as a release does, around a folder that only looks
 * like Electron's distribution for Linux: enough for the archive, the unpacked natives and the fuses.
 */

const CONFIGURATION = join(import.meta.dirname, '../../electron-builder.yml')
/** In Electron's binary the fuses follow this mark: a version, how many there are, and their states. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const FUSES_OF_A_NEW_BINARY = '101100010'

export interface Packed {
  archive: string
  resources: string
  binary: string
}

/**
 * @param app a folder with package.json, out/ and node_modules/
 * @param workFolder for the distribution and what is made of it
 */
export async function packForLinux(
  app: string,
  workFolder: string,
  updateUrl: string,
): Promise<Packed> {
  const distribution = makeDistribution(join(workFolder, 'electron'))
  const output = join(workFolder, 'packed')
  const cli = createRequire(import.meta.url).resolve('electron-builder/cli.js')
  const args = [
    '--config',
    CONFIGURATION,
    '--linux',
    'dir',
    `--${process.arch}`,
    '--publish',
    'never',
  ]
  const folders = [`-c.electronDist=${distribution}`, `-c.directories.output=${output}`]
  const env = { ...process.env, PARLEY_UPDATE_URL: updateUrl }
  try {
    await promisify(execFile)(process.execPath, [cli, ...args, ...folders], { cwd: app, env })
  } catch (error) {
    const said = (error as { stdout?: string }).stdout ?? ''
    throw new Error(`electron-builder failed:\n${said.slice(-4000)}`, { cause: error })
  }
  const unpacked = process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`
  const resources = join(output, unpacked, 'resources')
  return {
    archive: join(resources, 'app.asar'),
    resources,
    binary: join(output, unpacked, 'parley'),
  }
}

export function readFuses(binary: Buffer): string {
  const at = binary.indexOf(FUSE_SENTINEL) + FUSE_SENTINEL.length
  const count = binary[at + 1] ?? 0
  return binary.toString('latin1', at + 2, at + 2 + count)
}

function makeDistribution(folder: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'))
  const fuses = Buffer.from([1, FUSES_OF_A_NEW_BINARY.length])
  const binary = join(folder, 'electron')
  writeFileSync(
    binary,
    Buffer.concat([
      Buffer.from(`\u007fELF${FUSE_SENTINEL}`, 'latin1'),
      fuses,
      Buffer.from(FUSES_OF_A_NEW_BINARY),
    ]),
  )
  chmodSync(binary, 0o755)
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'chrome-sandbox']) {
    writeFileSync(join(folder, name), '')
  }
  for (const locale of ['de', 'en-US', 'es', 'es-419']) {
    writeFileSync(join(folder, 'locales', `${locale}.pak`), '')
  }
  return folder
}
