/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { launchWorkstation, type RunningWorkstation } from './support/workstation.ts'
import { type World } from './support/world.ts'
import { signInAs } from './support/sign-in.ts'

/** What customers are called and what they write, in any script, with addresses that lead elsewhere. In a shared world. */

let world: World
let running: RunningWorkstation | null = null
let folder: string | null = null

test.beforeEach(({ sharedWorld }) => {
  world = sharedWorld
})
test.afterEach(async () => {
  await running?.close()
  running = null
  if (folder !== null) rmSync(folder, { recursive: true, force: true })
})

async function sitDown(): Promise<RunningWorkstation> {
  const person = await world.addPerson({
    fullName: 'Nuria Text',
    role: 'agent',
    teams: ['sales'],
    capacity: 0,
  })
  folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  running = await launchWorkstation({ userData: folder, serverUrl: world.serverUrl })
  const { page } = running
  await signInAs(page, person)
  await expect(page.getByRole('navigation').getByRole('button', { name: /Sales/ })).toBeVisible()
  // Not over the list, which stands still under the hand.
  await page.mouse.move(700, 20)
  return running
}

/** What they write is for sales. */
async function customerWrites(phone: string, name: string, text: string): Promise<void> {
  await world.write({ phone, name }, `${text}\nQuiero comprar un plan`)
}

const composer = (page: Page) => page.getByRole('textbox', { name: /Respuesta a/ })

const openRow = (page: Page, name: RegExp): Promise<void> =>
  page.getByRole('option', { name }).click()

test('an Arabic customer’s words run from right to left, and the times stay where they are', async () => {
  const { page } = await sitDown()
  await customerWrites('5215550399001', 'محمد علي', 'مرحبا 4417\nLlegó a las 16:57')
  await openRow(page, /محمد علي/)
  const lines = page.locator('[data-message-id]', { hasText: '4417' })
  await expect(lines).toContainText('16:57')
  /** Where a piece of text stands: pixels from the left edge of the window. */
  const placeOf = (words: string) =>
    lines.evaluate((element, wanted) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
      for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
        const at = node.textContent?.indexOf(wanted) ?? -1
        if (at === -1) continue
        const range = document.createRange()
        range.setStart(node, at)
        range.setEnd(node, at + wanted.length)
        return range.getBoundingClientRect().left
      }
      return null
    }, words)
  const [greeting, order, spanish, time] = await Promise.all(
    ['مرحبا', '4417', 'Llegó', '16:57'].map(placeOf),
  )
  expect(order).toBeLessThan(greeting ?? 0)
  expect(spanish).toBeLessThan(time ?? 0)
})

test('a customer without a name is called by their number, in groups, and found by it', async () => {
  const { page } = await sitDown()
  await customerWrites('5215550399002', '\u200B\u3164', 'Hola')
  await openRow(page, /\+52 55 5039 9002/)
  await expect(page.getByRole('heading', { name: '+52 55 5039 9002' })).toBeVisible()
})

test('an address that deceives says where it leads and opens nothing; another opens by a click', async () => {
  const { page, app } = await sitDown()
  await app.evaluate(({ shell }) => {
    const seen: string[] = []
    Object.assign(globalThis, { openedLinks: seen })
    shell.openExternal = async (url: string) => void seen.push(url)
  })
  const opened = () =>
    app.evaluate(() => (globalThis as unknown as { openedLinks: string[] }).openedLinks)
  await customerWrites(
    '5215550399003',
    'Carla Enlaces',
    'https://known.example@evil.example/x y (https://a.example/b_(c)).',
  )
  await openRow(page, /Carla Enlaces/)
  await expect(page.getByText('En realidad lleva a evil.example')).toBeVisible()
  await page.getByText('https://known.example@evil.example/x').last().click()
  await page.getByRole('link', { name: 'https://a.example/b_(c)' }).click()
  await expect.poll(opened).toEqual(['https://a.example/b_(c)'])
})

test('a draft far too long to send is kept over a restart, and says by how much it is', async () => {
  const { page } = await sitDown()
  await customerWrites('5215550399004', 'Dora Larga', 'Hola')
  await openRow(page, /Dora Larga/)
  await page.getByRole('button', { name: 'Reclamar', exact: true }).click()
  const words = `${'palabra '.repeat(3_000)}fin`
  await composer(page).fill(words)
  await expect(page.getByText(/Sobran [\d,.]+ caracteres: caben/)).toBeVisible()
  await expect(page.getByText('Borrador guardado')).toBeVisible()
  await running?.close()
  running = await launchWorkstation({ userData: folder ?? '', serverUrl: world.serverUrl })
  await openRow(running.page, /Dora Larga/)
  await expect(composer(running.page)).toHaveValue(words)
})
