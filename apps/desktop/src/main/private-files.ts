import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What is written from now on, by whichever part of the program, is its person's alone; so is what builds of before left.
 * On Windows the folder of a person is theirs by itself.
 */
export function keepFilesPrivate(userData: string): void {
  if (process.platform === 'win32') return
  process.umask(0o077)
  mkdirSync(userData, { recursive: true })
  chmodSync(userData, 0o700)
  for (const entry of readdirSync(userData, { withFileTypes: true })) {
    // A link would lead elsewhere, as Chromium's lock does.
    if (entry.isFile()) chmodSync(join(userData, entry.name), 0o600)
    if (entry.isDirectory()) chmodSync(join(userData, entry.name), 0o700)
  }
}
