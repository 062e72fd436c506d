import os from 'node:os'
import { headless } from '../environment.ts'

/** Size of the one display of a headless run. */
export const HEADLESS_DISPLAY = { width: 1920, height: 1080 }

const FEATURES_OFF = [
  'Translate',
  'MediaRouter',
  'OptimizationHints',
  // Or a page of the app could not reach 127.0.0.1.
  'LocalNetworkAccessChecks',
  // Or http://NAME.app.localhost, which stands for app://NAME, might be tried with TLS first.
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  // The address bar's suggestions would be a page, loaded ahead in a process of its own; no window shows the bar.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
]

const ALWAYS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--password-store=basic',
  '--use-mock-keychain',
  '--no-service-autorun',
  '--hide-crash-restore-bubble',
  '--allow-file-access-from-files',
  // Electron has no pop-up blocker and does not slow down hidden windows of an app that shows notifications.
  '--disable-popup-blocking',
  // Nor does a page of its need a click before it may sound.
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  // No warning bar for the flags above.
  '--test-type',
]

/** Switches with a meaning to Electron or to this host rather than to Chromium. */
const NOT_FOR_CHROMIUM = new Set([
  'user-data-dir',
  'no-sandbox',
  'inspect',
  'inspect-brk',
  'enable-source-maps',
  'lang',
])

/** What every Chromium process of this run gets, the second one that asks for a window included. */
export function commonSwitches(
  profile: string,
  locale: string,
  fromApp: ReadonlyMap<string, string>,
): string[] {
  const switches = [...ALWAYS, `--user-data-dir=${profile}`, `--lang=${locale}`]
  // Chromium refuses to run as root with its sandbox.
  if (os.userInfo().uid === 0) switches.push('--no-sandbox')

  const off = [...FEATURES_OFF]
  const taken = new Set(switches.map((text) => text.split('=')[0]))
  for (const [name, value] of fromApp) {
    if (name === 'disable-features') off.push(value)
    else if (!NOT_FOR_CHROMIUM.has(name) && !taken.has(`--${name}`))
      switches.push(value ? `--${name}=${value}` : `--${name}`)
  }
  switches.push(`--disable-features=${off.join(',')}`)
  if (headless)
    switches.push(
      '--headless=new',
      `--screen-info={${HEADLESS_DISPLAY.width}x${HEADLESS_DISPLAY.height}}`,
    )
  return switches
}

/** Only for the process that serves the pipe: it starts without a window and outlives its last one. */
export const SERVER_SWITCHES = [
  '--remote-debugging-pipe',
  '--no-startup-window',
  '--keep-alive-for-test',
]
