import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test as base, _electron, type ElectronApplication, type Page } from '@playwright/test'

export const FIXTURE = path.join(import.meta.dirname, 'fixture')

interface Fixtures {
  /** A fresh folder for the app's data. */
  userData: string
  electronApp: ElectronApplication
  page: Page
}

/** The fixture app, running on the stand-in through Playwright's stock Electron launcher. */
export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright wants a pattern here
  userData: async ({}, use) => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'host-fixture-'))
    await use(folder)
    fs.rmSync(folder, { recursive: true, force: true })
  },
  electronApp: async ({ userData }, use) => {
    const app = await launch(userData)
    await use(app)
    await app.close()
  },
  page: async ({ electronApp }, use) => {
    const page = await electronApp.firstWindow()
    await page.getByText('ready', { exact: true }).waitFor()
    await use(page)
  },
})

export function launch(userData: string): Promise<ElectronApplication> {
  return _electron.launch({
    args: [FIXTURE, `--user-data-dir=${userData}`],
    cwd: path.dirname(FIXTURE),
  })
}

type Entry = [name: string, ...details: unknown[]]
/** What the fixture's main has noted, all of it or the entries of one name. */
export function events(app: ElectronApplication, name?: string): Promise<Entry[]> {
  return app.evaluate((_electron, wanted) => {
    const all = (globalThis as unknown as { events: Entry[] }).events
    return wanted === undefined ? all : all.filter(([entry]) => entry === wanted)
  }, name)
}

/** Opens another window of the fixture. */
export async function openWindow(
  app: ElectronApplication,
  route: string,
  options: object = {},
): Promise<Page> {
  const opened = app.waitForEvent('window')
  await app.evaluate(
    (_electron, [where, how]) => {
      const { createWindow } = globalThis as unknown as {
        createWindow: (route: string, options: object) => Promise<unknown>
      }
      return createWindow(where, how).then(() => undefined)
    },
    [route, options] as const,
  )
  const page = await opened
  await page.getByText('ready', { exact: true }).waitFor()
  return page
}

/** The API that the fixture's preload exposes; values are whatever the test sends. */
export interface FixtureApi {
  platform: string
  greeting: string
  early(): Promise<{ url: string }>
  add(a: number, b: number): number
  fail(): never
  callBack(callback: (value: number) => number, value: number): number
  later<T>(value: T): Promise<T>
  nested: { list: unknown[] }
  exposeAgain(): void
  invoke(channel: string, ...args: unknown[]): Promise<any>
  broadcast(message: string): void
  onTick(callback: (...args: unknown[]) => void): () => void
}
declare global {
  interface Window {
    api: FixtureApi
    stopTicks: () => void
  }
}
