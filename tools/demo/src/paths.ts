import { join, resolve } from 'node:path'

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, '../../..')
export const DESKTOP = join(ROOT, 'apps/desktop')
export const SERVER_MAIN = join(ROOT, 'apps/server/src/main.ts')
export const STAND_IN = join(ROOT, 'tools/chromium-host/dist/electron')
/** What installations remember, beside the toolchain's own notes. */
export const STATE = join(ROOT, '.parley')
