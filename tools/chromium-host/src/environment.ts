/** The environment variables that the stand-in reads, all of them here and in the README. PARLEY_NODE is the launcher's. */
const env = process.env

export const chromiumPath = env.PARLEY_CHROMIUM || '/usr/bin/chromium'

/** Without a display there is nothing to show a window on; PARLEY_HOST_HEADLESS=1 or 0 decides otherwise. */
export const headless = env.PARLEY_HOST_HEADLESS
  ? env.PARLEY_HOST_HEADLESS !== '0'
  : !(env.DISPLAY || env.WAYLAND_DISPLAY)

/** Links are recorded but no browser is started, even with a display. */
export const recordOnly = Boolean(env.PARLEY_HOST_RECORD_ONLY)

/** Electron's own variable: the pages' console and Chromium's messages go to stderr. */
export const logging = Boolean(env.ELECTRON_ENABLE_LOGGING)

export function warn(message: string): void {
  process.stderr.write(`[chromium-host] ${message}\n`)
}

/** For a step whose failure ends nothing by itself but must not go unseen. */
export function report(what: string): (error: unknown) => void {
  return (error) => warn(`${what}: ${error instanceof Error ? error.message : String(error)}`)
}
