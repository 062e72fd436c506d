/// <reference lib="dom" />
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { eventually } from './support/eventually.ts'
import { promise } from './support/service-level.ts'
import {
  launchWorkstation,
  workstationCommand,
  type RunningWorkstation,
} from './support/workstation.ts'
import { type Person, type World } from './support/world.ts'
import { signInAs } from './support/sign-in.ts'

/** What a fresh tester did to it: killed it, started it twice, composed letters, and chose keys that harm. */

const folders: string[] = []
const open = new Set<RunningWorkstation>()

test.afterEach(async () => {
  await Promise.all([...open].map((running) => running.close()))
  open.clear()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  folders.push(folder)
  return folder
}

async function sitDown(
  world: World,
  person: Person,
  userData: string,
): Promise<RunningWorkstation> {
  const running = await launchWorkstation({ userData, serverUrl: world.serverUrl })
  open.add(running)
  const { page } = running
  if ((await page.locator('html').getAttribute('data-session')) === 'signed_out') {
    await signInAs(page, person)
  }
  await expect(page.locator('html[data-session=signed_in][data-connection=online]')).toBeAttached()
  return running
}

/** SIGKILL: nothing is finished, nothing is said. */
async function kill(running: RunningWorkstation): Promise<void> {
  open.delete(running)
  const gone = once(running.app.process(), 'exit')
  running.app.process().kill('SIGKILL')
  await gone
}

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const composer = (page: Page) => page.getByRole('textbox', { name: /Respuesta a/ })
const leaveFields = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

let customers = 0
/** @returns the conversation that is open then */
async function openNew(world: World, page: Page, name: string): Promise<string> {
  customers += 1
  await world.write(
    { phone: `52155503${String(customers).padStart(5, '0')}`, name },
    'Quiero comprar',
  )
  await page.mouse.move(700, 20)
  await row(page, name).click()
  await page.mouse.move(700, 20)
  await expect(page.getByRole('region', { name: `Conversación con ${name}` })).toBeVisible()
  const id = await page.locator('[data-open-conversation]').getAttribute('data-open-conversation')
  return id ?? ''
}

test('killed in mid-sentence and in mid-sending: the words are there, and each reply goes out once', async ({
  world,
}) => {
  const person = await world.addPerson({ fullName: 'Marta Lira', role: 'agent', teams: ['sales'] })
  const userData = newFolder()
  const first = await sitDown(world, person, userData)
  const other = await openNew(world, first.page, 'Silvia Prado')
  await openNew(world, first.page, 'Amalia Prado')
  const sentence = 'Buenas tardes, le confirmo que su pedido sale el lunes por la mañana'
  await composer(first.page).focus()
  // Without a rest in which it would be saved.
  await first.page.keyboard.type(sentence, { delay: 70 })
  const texts = Array.from({ length: 6 }, (_, n) => `respuesta ${n}`)
  await first.page.evaluate(
    ({ conversationId, all }) =>
      Promise.all(
        all.map((text) => window.parley.call('conversation.reply', { conversationId, text })),
      ),
    { conversationId: other, all: texts },
  )
  await kill(first)

  const { page, problems } = await sitDown(world, person, userData)
  await eventually(() => world.graph.accepted.map(({ text }) => text), { timeout: 30_000 }).toEqual(
    texts,
  )
  await row(page, 'Amalia Prado').click()
  await expect(composer(page)).toHaveValue(/^Buenas tardes, le confirmo que /)
  expect(sentence).toContain(await composer(page).inputValue())
  await expect(page.getByRole('dialog').or(page.getByRole('alert'))).toHaveCount(0)
  await eventually(() => page.evaluate(() => window.parley.call('outbox.list', undefined))).toEqual(
    { ok: true, value: [] },
  )
  expect(world.graph.accepted).toHaveLength(texts.length)
  expect(problems).toEqual([])
})

test('a second start on the same folder leaves the first alone', async ({ world }) => {
  const person = await world.addPerson({ fullName: 'Nora Bello', role: 'agent', teams: ['sales'] })
  const userData = newFolder()
  const { page } = await sitDown(world, person, userData)
  await openNew(world, page, 'Rita Luján')
  await composer(page).fill('A medio escribir')
  await expect(page.getByText('Borrador guardado')).toBeVisible()
  const { command, args, env } = workstationCommand({ userData, serverUrl: world.serverUrl })
  await once(spawn(command, args, { env, stdio: 'ignore' }), 'exit')
  await expect(composer(page)).toHaveValue('A medio escribir')
  await composer(page).press('Enter')
  await eventually(() => world.graph.accepted.map(({ text }) => text)).toEqual(['A medio escribir'])
})

test('while letters are being composed no key sends, closes or acts; dead keys in a list are words', async ({
  world,
}) => {
  const person = await world.addPerson({ fullName: 'Delia Rojas', role: 'agent', teams: ['sales'] })
  const { page } = await sitDown(world, person, newFolder())
  const id = await openNew(world, page, 'Teresa Galván')
  const stateOf = async () =>
    (
      await world.pool.query(
        `SELECT status, assigned_to, version FROM conversations WHERE id = $1`,
        [id],
      )
    ).rows[0]
  const before = await stateOf()
  const keys = await page.context().newCDPSession(page)
  const compose = (text: string) =>
    keys.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    })
  const commit = (text: string) => keys.send('Input.insertText', { text })
  const press = async (key: string, modifiers = 0) => {
    const code = { Enter: 13, Escape: 27, Process: 229 }[key] ?? 0
    const event = { key, modifiers, windowsVirtualKeyCode: code }
    await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...event })
    await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event })
  }
  const CTRL = 2

  await composer(page).focus()
  await compose('にほん')
  for (const key of ['Process', 'Enter', 'Escape']) await press(key)
  await press('Enter', CTRL)
  await press('k', CTRL)
  await commit('日本')
  await expect(composer(page)).toHaveValue('日本')
  await expect(composer(page)).toBeFocused()
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog').getByRole('combobox')
  await palette.fill('a')
  await compose('に')
  await press('Enter')
  await press('Escape')
  await commit('日')
  await expect(palette).toHaveValue('a日')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await composer(page).fill('')
  await leaveFields(page)
  await page.getByRole('listbox').focus()
  await press('Dead')
  await page.keyboard.insertText('é')
  await keys.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'e', text: 'e' })
  await expect(composer(page)).toHaveValue('ée')
  await composer(page).fill('')
  await leaveFields(page)
  for (const key of ['Process', 'Unidentified']) await press(key)
  await expect(page.getByRole('dialog').or(page.getByRole('menu'))).toHaveCount(0)
  expect(await stateOf()).toEqual(before)
  expect(world.graph.accepted).toEqual([])
})

test('keys that copy or press are given to nobody, and single keys are off in the small window too', async ({
  world,
}) => {
  const lead = await world.addPerson({
    fullName: 'Raúl Parra',
    role: 'team_lead',
    teams: ['sales'],
    capacity: 0,
  })
  const { app, page } = await sitDown(world, lead, newFolder())
  await page.getByRole('button', { name: 'Atajos de teclado' }).click()
  const help = page.getByRole('dialog', { name: 'Atajos de teclado' })
  const line = help.locator('[data-command="conversation.claim"]')
  await line.getByRole('button', { name: /atajo/ }).click()
  for (const key of ['Control+c', 'Space', 'NumLock']) {
    await page.keyboard.press(key)
    await expect(line.getByRole('status')).toContainText('Esa tecla es de la ventana')
  }
  await page.keyboard.press('Escape')
  await expect(line.getByRole('group')).toHaveCount(0)
  await expect(line.getByRole('button', { name: /ahora C$/ })).toBeVisible()
  await help.getByLabel('Atajos de una sola tecla').uncheck()
  await page.keyboard.press('Escape')
  await expect(help).toHaveCount(0)

  await promise(world, { escalationSeconds: 1 })
  await world.write({ phone: '5215550399999', name: 'Víctor Aldana' }, 'Quiero comprar')
  await eventually(() => app.windows().length, { timeout: 30_000 }).toBe(2)
  const small = app.windows().find((window) => window !== page) as Page
  const takeOver = small.getByRole('button', { name: /^(Tomar|Reclamar)/ })
  await expect(takeOver).toBeVisible()
  await expect(takeOver).not.toHaveAttribute('aria-keyshortcuts')
  for (const key of ['t', 'a', 'o']) await small.keyboard.press(key)
  // Answered after whatever they asked for.
  expect(await small.evaluate(() => window.parley.call('outbox.list', undefined))).toEqual({
    ok: true,
    value: [],
  })
  const { rows } = await world.pool.query(
    `SELECT assigned_to, (SELECT count(*)::int FROM escalations WHERE acknowledged_by IS NOT NULL) AS taken
     FROM conversations`,
  )
  expect(rows).toEqual([{ assigned_to: null, taken: 0 }])
})
