import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { chromium, expect, test, type Browser, type Page } from '@playwright/test'

import { findCutOff } from './support/cut-off.ts'
import { DESKTOP } from './support/workstation.ts'

/**
 * Scenes of the preview (each day some, all with PARLEY_SCREENS=all), in windows as they are: a large one, a laptop’s, the
 * least one, and one of 1440 by 900 at 200 %. Nothing is cut where nothing says so, and every control can be seen and
 * reached.
 */

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1366, height: 768 },
  { width: 1024, height: 700 },
  { width: 720, height: 450 },
] as const
/** Where the pictures go that somebody wants to look at. */
const PICTURES = process.env['PARLEY_PICTURES']

const PLACES: Record<string, (page: Page) => Promise<void>> = {
  conversation: async (page) => {
    const row = page.locator('[data-conversation-id]').first()
    if ((await row.count()) > 0) await row.click()
    await page.mouse.move(4, 4)
  },
  settings: async (page) => page.getByRole('button', { name: 'Ajustes' }).click(),
  presence: async (page) => page.locator('[data-presence]').click(),
  palette: async (page) => page.keyboard.press('Control+k'),
  help: async (page) => page.getByRole('button', { name: 'Atajos de teclado' }).click(),
  alerts: (page) => goTo(page, 'Alertas', 'alerts'),
  wallboard: (page) => goTo(page, 'Tablero', 'wallboard'),
  watch: (page) => goTo(page, 'Cola en vivo', 'watch'),
  routing: (page) => goTo(page, 'Enrutamiento', 'routing'),
  sla: (page) => goTo(page, 'Niveles de servicio', 'sla'),
  tags: (page) => goTo(page, 'Etiquetas', 'tags'),
  triage: (page) => goTo(page, 'Triaje', 'triage'),
}

const SCENES: Record<string, (keyof typeof PLACES)[]> = {
  inbox: ['conversation', 'settings', 'presence', 'palette', 'help'],
  due: ['conversation'],
  empty: ['conversation'],
  offline: ['conversation', 'wallboard'],
  refused: ['conversation'],
  conflict: ['conversation'],
  expired: [],
  withdrawn: [],
  'signed-out': [],
  bootstrapping: ['conversation'],
  offer: ['conversation'],
  finishing: ['presence'],
  missed: ['presence'],
  alerts: ['conversation', 'alerts', 'wallboard'],
  escalation: ['conversation', 'alerts'],
  'escalation-offline': ['conversation', 'watch'],
  storm: ['conversation', 'alerts', 'wallboard'],
  partial: ['palette', 'wallboard'],
  wallboard: ['wallboard'],
  'many-teams': ['conversation', 'wallboard', 'watch', 'routing', 'sla', 'tags', 'triage'],
  scripts: ['conversation'],
  keyStore: [],
  newer: [],
  damaged: [],
}
/** Those that between them have every layout. The others only say other things in the same places. */
const EACH_DAY = new Set(['inbox', 'refused', 'escalation-offline', 'many-teams', 'newer'])
const SHOWN = Object.entries(SCENES).filter(
  ([scene]) => process.env['PARLEY_SCREENS'] === 'all' || EACH_DAY.has(scene),
)

let preview: ChildProcess
let browser: Browser
let url = ''

test.describe.configure({ mode: 'default' })
test.beforeAll(async () => {
  preview = spawn(process.execPath, [join(DESKTOP, 'src/preview/main.ts'), '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: preview.stdout! })) {
    url = line.trim()
    if (url.endsWith('/preview.html')) break
  }
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})
test.afterAll(async () => {
  await browser.close()
  preview.kill('SIGTERM')
  await once(preview, 'exit')
})

for (const [scene, places] of SHOWN) {
  test(`nothing is cut or covered in any window: ${scene}`, async () => {
    const theme = scene.length % 2 === 0 ? 'light' : 'dark'
    const page = await browser.newPage({ viewport: SIZES[0] })
    const cut: string[] = []
    const look = async (place: string) => {
      for (const size of SIZES) {
        await page.setViewportSize(size)
        await settled(page)
        const named = `${place} ${size.width}×${size.height}`
        for (const words of await findCutOff(page)) cut.push(`${named}: ${words}`)
        if (PICTURES !== undefined)
          await page.screenshot({ path: join(PICTURES, `${scene}-${place}-${size.width}.png`) })
      }
      await page.setViewportSize(SIZES[0])
    }
    await page.goto(`${url}?scene=${scene}&theme=${theme}`)
    await page.locator('html[data-session]:not([data-session=starting])').waitFor()
    await settled(page)
    await look('start')
    for (const place of places) {
      await PLACES[place]?.(page)
      await look(place)
      await page.keyboard.press('Escape')
    }
    await page.close()
    expect(cut).toEqual([])
  })
}

async function goTo(page: Page, name: string, screen: string): Promise<void> {
  const entry = page.getByRole('navigation').getByRole('button', { name, exact: true })
  if ((await entry.count()) > 0) await entry.click()
  else
    await page
      .getByRole('button', { name: /alerta/i })
      .first()
      .click()
  await expect(page.locator(`[data-screen=${screen}]`)).toBeVisible()
}

/** After what was asked for is drawn. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    let before = ''
    for (let still = 0; still < 3;) {
      await frame()
      const now = document.body.innerHTML.length + document.body.innerText
      still = now === before ? still + 1 : 0
      before = now
    }
  })
}
