/** Becomes Electron's main process: `electron [switches] app [arguments]`. */
import fs from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from './app/app.ts'
import { readSwitches, switches } from './app/command-line.ts'
import { identity } from './app/identity.ts'
import { setPath } from './app/paths.ts'
import { becomeReady } from './app/readiness.ts'
import { chromium } from './chromium/chromium.ts'
import { warn } from './environment.ts'
import { routeRequest } from './web/requests.ts'
import { decideOnWindow } from './window/window-open.ts'

const ELECTRON_MODULE = new URL('./electron-module.ts', import.meta.url).href
const ELECTRON_SPECIFIERS = new Set(['electron', 'electron/main', 'electron/common'])
const DISTRIBUTION = path.join(import.meta.dirname, '../dist/electron')

interface Package {
  name?: string
  productName?: string
  version?: string
  main?: string
  desktopName?: string
}

function resolveElectronToThisHost(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      ELECTRON_SPECIFIERS.has(specifier)
        ? { url: ELECTRON_MODULE, format: 'module', shortCircuit: true }
        : next(specifier, context),
  })
}

/** The version is that of the app's own electron package, else of this one's. */
function lookLikeElectron(args: string[], appPath: string): void {
  const electronPackage = createRequire(import.meta.url).resolve('electron/package.json', {
    paths: [appPath, import.meta.dirname],
  })
  const { version } = readPackage(path.dirname(electronPackage))
  const versions = Object.freeze({ ...process.versions, electron: version })
  Object.defineProperty(process, 'versions', {
    value: versions,
    configurable: true,
    enumerable: true,
  })
  Object.assign(process, { type: 'browser', defaultApp: true, argv: [DISTRIBUTION, ...args] })
}

/** Electron's own options come first; the first argument that is none names the app. */
function splitArguments(args: string[]): { preloads: string[]; appPath: string } {
  const preloads: string[] = []
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as string
    if (argument === '-r' || argument === '--require') preloads.push(args[++i] as string)
    else if (!argument.startsWith('-')) return { preloads, appPath: path.resolve(argument) }
  }
  return { preloads, appPath: process.cwd() }
}

/** @returns the app's entry file; the app is a folder with a package.json, or a file in or below one. */
function identifyApp(appPath: string): string {
  const isFolder = fs.statSync(appPath).isDirectory()
  let folder = isFolder ? appPath : path.dirname(appPath)
  while (
    !isFolder &&
    !fs.existsSync(path.join(folder, 'package.json')) &&
    folder !== path.dirname(folder)
  )
    folder = path.dirname(folder)
  const { name, productName, version, main = 'index.js', desktopName } = readPackage(folder)
  identity.name = productName ?? name ?? 'Electron'
  identity.version = version ?? '0.0.0'
  identity.desktopName = desktopName
  identity.appPath = isFolder ? folder : path.dirname(appPath)
  return isFolder ? path.join(folder, main) : appPath
}

function readPackage(folder: string): Package {
  const file = path.join(folder, 'package.json')
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Package) : {}
}

/** The first signal asks the app to quit, which it may refuse as it may any quit; the second does not ask. */
function endOnSignals(): void {
  let asked = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (asked) app.exit(128)
      else app.quit()
      asked = true
    })
  }
}

/** Where that is asked for, with the parent's number: who started us may be gone before we are there. */
function endWithParent(): void {
  const parent = process.env.PARLEY_ENDS_WITH_PARENT
  if (parent === undefined) return
  setInterval(() => {
    if (process.ppid !== Number(parent)) app.exit(1)
  }, 1_000)
}

async function run(): Promise<void> {
  const args = process.argv.slice(2)
  resolveElectronToThisHost()
  readSwitches(args)
  const { preloads, appPath } = splitArguments(args)
  lookLikeElectron(args, appPath)
  const entry = identifyApp(appPath)
  const userData = switches.get('user-data-dir')
  if (userData) setPath('userData', path.resolve(userData))
  endOnSignals()
  endWithParent()

  const require = createRequire(path.join(process.cwd(), 'package.json'))
  for (const preload of preloads) require(preload)
  // As in Electron, an entry that awaits ready at its top level never sees it.
  await import(pathToFileURL(entry).href)

  await chromium.start({
    locale: app.getLocale(),
    switches,
    onRequest: routeRequest,
    onUnexpectedPage: decideOnWindow,
  })
  app.emit('will-finish-launching')
  becomeReady()
  app.emit('ready', {}, {})
}

// Chromium's pipe does not hold the process while it starts or ends; the app decides when it is over.
setInterval(() => {}, 2 ** 30)

run().catch((error: unknown) => {
  // Asked to quit while it was starting: that decides the exit code.
  if (chromium.isStopping) return
  warn(`cannot run the app: ${error instanceof Error ? error.stack : String(error)}`)
  process.exit(1)
})
