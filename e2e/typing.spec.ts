/// <reference lib="dom" />
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { SENTENCES } from './support/sentences.ts'
import { launchWorkstation, type RunningWorkstation } from './support/workstation.ts'
import { type Person, type World } from './support/world.ts'
import { signInAs } from './support/sign-in.ts'

/** Who types writes: nothing acts by accident, and no word goes elsewhere or is lost. In a shared world. */

let world: World
const folders: string[] = []
const open = new Set<RunningWorkstation>()

test.beforeEach(({ sharedWorld }) => {
  world = sharedWorld
})
test.afterEach(async () => {
  await Promise.all([...open].map((running) => running.close()))
  open.clear()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const hire = (fullName: string, role: 'agent' | 'team_lead' = 'agent') =>
  world.addPerson({ fullName, role, teams: ['sales'], capacity: 0 })

async function sitDown(person: Person): Promise<Page> {
  const userData = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  folders.push(userData)
  const running = await launchWorkstation({ userData, serverUrl: world.serverUrl })
  open.add(running)
  const { page } = running
  await signInAs(page, person)
  await expect(page.getByRole('navigation').getByRole('button', { name: /Sales/ })).toBeVisible()
  return page
}

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const composer = (page: Page) => page.getByRole('textbox', { name: /Respuesta a/ })
const thread = (page: Page) => page.getByRole('log')
const bubble = (page: Page, text: string) => page.locator('[data-message-id]', { hasText: text })
const region = (page: Page, name: string) =>
  page.getByRole('region', { name: `Conversación con ${name}` })

async function openRow(page: Page, name: string): Promise<void> {
  await page.mouse.move(700, 20)
  await row(page, name).click()
  await page.mouse.move(700, 20)
  await expect(region(page, name)).toBeVisible()
}

const phones = new Map<string, string>()
async function customerWrites(name: string, text = 'Quiero comprar un plan'): Promise<string> {
  const phone = `52155502${String(phones.size).padStart(5, '0')}`
  phones.set(name, phone)
  await world.write({ phone, name }, text)
  return phone
}

/** A customer's conversation, opened and claimed. */
async function owned(page: Page, name: string): Promise<string> {
  await customerWrites(name)
  await openRow(page, name)
  await page.getByRole('button', { name: 'Reclamar', exact: true }).click()
  await expect(composer(page)).toBeVisible()
  await expect(thread(page)).toContainText('La reclamaste')
  return (
    (await page.locator('[data-open-conversation]').getAttribute('data-open-conversation')) ?? ''
  )
}

/**
 * As a keyboard does it, at its own pace, however busy the page is: Playwright's `type` waits until each key has been
 * dealt with, and has no keys for letters that a US keyboard lacks.
 * @returns whether the machine kept the pace
 */
async function typeAt(page: Page, words: string, delay: number): Promise<boolean> {
  let [isPaced, last] = [true, performance.now()]
  const keys = await page.context().newCDPSession(page)
  const sent: Promise<unknown>[] = []
  for (const key of words) {
    const text = { key, text: key, unmodifiedText: key }
    sent.push(
      keys.send('Input.dispatchKeyEvent', { type: 'keyDown', ...text }),
      keys.send('Input.dispatchKeyEvent', { type: 'keyUp', key }),
    )
    if (performance.now() - last > 165) isPaced = false
    last = performance.now()
    await page.waitForTimeout(delay)
  }
  await Promise.all(sent)
  await keys.detach()
  return isPaced
}

async function stateOf(id: string): Promise<string> {
  const { rows } = await world.pool.query<{ state: string }>(
    `SELECT concat_ws(' ', status, priority, assigned_to, version) AS state FROM conversations WHERE id = $1`,
    [id],
  )
  return rows[0]?.state ?? ''
}

/** Each day some, of all kinds; all two hundred with PARLEY_SENTENCES=200. */
const HOW_MANY = Number(process.env['PARLEY_SENTENCES'] ?? 12)

test(`${HOW_MANY} sentences, wherever the focus is and whatever happens meanwhile, are written whole and change nothing`, async () => {
  test.setTimeout(60_000 + HOW_MANY * 12_000)
  const person = await hire('Marta Lira')
  const page = await sitDown(person)
  const other = await owned(page, 'Silvia Prado')
  const id = await owned(page, 'Amalia Prado')
  const before = [await stateOf(id), await stateOf(other)]
  const blur = () => page.evaluate(() => (document.activeElement as HTMLElement).blur())
  const places = {
    thread: () => bubble(page, 'Quiero comprar').getByText('Quiero comprar').dblclick(),
    list: () => row(page, 'Amalia Prado').click(),
    nothing: blur,
    dialog: async () => {
      await blur()
      await page.keyboard.press('Control+k')
      await expect(page.getByRole('dialog')).toBeVisible()
      await page.keyboard.press('Escape')
      // Closed, it may give the focus back to the composer in the middle of the first word.
      await expect(page.getByRole('dialog')).toHaveCount(0)
    },
  }
  let assigned = 0
  const happenings = {
    nothing: async () => {},
    assignment: async () => {
      assigned += 1
      await customerWrites(`Nueva ${assigned}`)
      await world.pool.query(
        `UPDATE conversations c SET status = 'assigned', assigned_to = $1, assigned_at = now(), queued_at = NULL
         FROM customers u WHERE u.id = c.customer_id AND u.name = $2 AND c.status = 'queued'`,
        [person.id, `Nueva ${assigned}`],
      )
    },
    message: () =>
      world.write({ phone: phones.get('Silvia Prado') ?? '', name: 'Silvia Prado' }, 'hola'),
  }
  const [where, what] = [Object.entries(places), Object.entries(happenings)]
  for (let count = 0; count < HOW_MANY; count += 1) {
    const sentence = SENTENCES[(count * 37) % SENTENCES.length] ?? ''
    const [place, goTo] = where[count % where.length] ?? ['', blur]
    const [happening, happen] = what[Math.floor(count / where.length) % what.length] ?? ['', blur]
    const about = `${sentence}, ${place}, ${happening}`
    for (;;) {
      await goTo()
      await page.mouse.move(700, 20)
      if (place !== 'dialog') await expect(composer(page), about).not.toBeFocused()
      const [isPaced] = await Promise.all([
        typeAt(page, sentence, 40 + ((count * 29) % 81)),
        happen(),
      ])
      if (isPaced) break
      // The machine stalled, and not the writer: whatever that opened is closed, and it is typed once more.
      for (const open of await page.getByRole('dialog').or(page.getByRole('menu')).all())
        if (await open.isVisible()) await page.keyboard.press('Escape')
      await composer(page).fill('')
    }
    await expect(composer(page), about).toHaveValue(sentence)
    await composer(page).fill('')
  }
  await expect(page.getByRole('dialog').or(page.getByRole('menu'))).toHaveCount(0)
  expect((await stateOf(id)).replace(/\d+$/, '')).toBe(before[0]?.replace(/\d+$/, ''))
  expect((await stateOf(other)).split(' ')[2]).toBe(before[1]?.split(' ')[2])
  const { rows } = await world.pool.query(
    `SELECT content_text FROM messages WHERE conversation_id = $1 AND direction = 'outbound'`,
    [id],
  )
  expect(rows).toEqual([])

  await places.thread()
  await typeAt(page, 'Perfecto, gracias', 60)
  await page.keyboard.press('Enter')
  await expect(bubble(page, 'Perfecto, gracias')).toHaveAttribute('data-status', 'read')
  expect(await stateOf(id)).toContain('pending_customer')
})

test('what is typed over a conversation that nobody has claims nothing; its key does', async () => {
  const page = await sitDown(await hire('Nora Bello'))
  await customerWrites('Rita Luján')
  await openRow(page, 'Rita Luján')
  const id = await page.locator('[data-open-conversation]').getAttribute('data-open-conversation')
  const before = await stateOf(id ?? '')
  await typeAt(page, 'claro, todo listo para comprar', 60)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.getByText('Nadie la lleva. Reclámala para responder.')).toBeVisible()
  await expect(page.getByRole('menu')).toHaveCount(0)
  expect(await stateOf(id ?? '')).toBe(before)
  await page.keyboard.press('c')
  await expect(composer(page)).toBeVisible()
  await expect(composer(page)).toHaveValue('')
})

test('somebody takes it over in mid-sentence: the words stay, and go to nobody else', async () => {
  const [agent, lead] = await Promise.all([hire('Delia Rojas'), hire('Raúl Parra', 'team_lead')])
  const page = await sitDown(agent)
  const boss = await sitDown(lead)
  const other = await owned(page, 'Simón Vela')
  const id = await owned(page, 'Teresa Galván')
  const others = await stateOf(other)
  await boss.keyboard.press('g')
  await boss.keyboard.press('o')
  await openRow(boss, 'Teresa Galván')

  await typeAt(page, 'Con gusto, ahora ', 60)
  await boss.keyboard.press('Shift+T')
  await expect(page.getByText('Raúl Parra la lleva.')).toBeVisible()
  await typeAt(page, 'reviso su pedido', 60)
  await page.keyboard.press('Enter')
  await expect(composer(page)).toHaveValue('Con gusto, ahora reviso su pedido')
  await expect(composer(page)).toBeFocused()
  await expect(region(page, 'Teresa Galván')).toBeVisible()
  expect(await stateOf(id)).toContain(lead.id)
  expect(await stateOf(other)).toBe(others)
  const sent = await world.pool.query(`SELECT 1 FROM messages WHERE content_text LIKE 'Con gusto%'`)
  expect(sent.rowCount).toBe(0)

  // Elsewhere and back they are still there, until they are thrown away.
  await openRow(page, 'Simón Vela')
  await expect(composer(page)).toHaveValue('')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(composer(page)).toHaveValue('Con gusto, ahora reviso su pedido')
  await page.getByRole('button', { name: 'Descartar texto' }).click()
  await expect(composer(page)).toBeHidden()
  await expect(page.getByText('Raúl Parra la lleva.')).toBeVisible()
})

test('it goes out of reach in mid-sentence: nothing of the customer stays, one’s own words do', async () => {
  const page = await sitDown(await hire('Elsa Rincón'))
  const id = await owned(page, 'Víctor Aldana')
  await typeAt(page, 'Le confirmo que ', 60)
  await world.pool.query(
    `UPDATE conversations SET team_id = $2, assigned_to = NULL, status = 'queued', queued_at = now() WHERE id = $1`,
    [id, world.teams.support],
  )
  await expect(page.getByText('Esta conversación ya no está a tu alcance')).toBeVisible()
  await typeAt(page, 'todo está listo', 60)
  await page.keyboard.press('Enter')
  await expect(composer(page)).toHaveValue('Le confirmo que todo está listo')
  await expect(page.getByRole('main').getByText('Quiero comprar un plan')).toHaveCount(0)
  await page.getByRole('button', { name: 'Descartar texto' }).click()
  await expect(composer(page)).toBeHidden()
})

test('a notification is clicked in mid-word: the sentence is finished first', async () => {
  const page = await sitDown(await hire('Gloria Nava'))
  const other = await owned(page, 'Wendy Ochoa')
  await owned(page, 'Ximena Pozos')
  const others = await stateOf(other)
  await composer(page).focus()
  await typeAt(page, 'Perfecto, ', 60)
  await page.evaluate(
    (conversationId) => window.parley.call('window.openConversation', { conversationId }),
    other,
  )
  await typeAt(page, 'ya quedó', 60)
  await page.keyboard.press('Enter')
  await expect(region(page, 'Wendy Ochoa')).toBeVisible()
  await expect(composer(page)).toHaveValue('')
  expect(await stateOf(other)).toBe(others)
  await typeAt(page, 'Todo bien', 60)
  await expect(composer(page)).toHaveValue('Todo bien')
  await openRow(page, 'Ximena Pozos')
  await expect(bubble(page, 'Perfecto, ya quedó')).toHaveAttribute('data-status', 'read')
})

test('a saved answer asks for its gaps, Tab goes through them, and one step takes it back', async () => {
  const person = await hire('Hugo Salas')
  await world.pool.query(
    `INSERT INTO canned_responses (shortcut, title, content, created_by)
     VALUES ('estado', 'Estado', E'Tu folio {folio} llega el {fecha}.\\nSaludos', $1)`,
    [person.id],
  )
  const page = await sitDown(person)
  await owned(page, 'Yolanda Ríos')
  await composer(page).focus()
  await page.keyboard.type('Hola. /esta', { delay: 30 })
  await page.keyboard.press('Enter')
  const filled = 'Hola. Tu folio {folio} llega el {fecha}.\nSaludos'
  await expect(composer(page)).toHaveValue(filled)
  const chosen = () =>
    composer(page).evaluate((field: HTMLTextAreaElement) =>
      field.value.slice(field.selectionStart, field.selectionEnd),
    )
  expect(await chosen()).toBe('{folio}')

  await page.keyboard.press('Control+z')
  await expect(composer(page)).toHaveValue('Hola. /esta')
  await page.keyboard.press('Control+Shift+z')
  await expect(composer(page)).toHaveValue(filled)

  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('Falta completar {folio}.')
  expect(await chosen()).toBe('{folio}')
  await page.keyboard.type('4471')
  await page.keyboard.press('Tab')
  expect(await chosen()).toBe('{fecha}')
  await page.keyboard.type('lunes')
  await page.keyboard.press('Enter')
  await expect(bubble(page, 'Tu folio 4471 llega el lunes.')).toHaveAttribute('data-status', 'read')
  await expect(page.getByRole('alert')).toHaveCount(0)
})

test('a mistyped /name is not sent without a question', async () => {
  const page = await sitDown(await hire('Iván Cota'))
  await owned(page, 'Zoila Meza')
  await composer(page).focus()
  await page.keyboard.type('/salduo')
  await page.keyboard.press('Enter')
  const question = page.getByRole('alert').filter({ hasText: '¿Enviar «/salduo» al cliente?' })
  await expect(question).toBeVisible()
  await expect(composer(page)).toHaveValue('/salduo')
  await question.getByRole('button', { name: 'Enviar así' }).click()
  await expect(bubble(page, '/salduo')).toHaveAttribute('data-status', 'read')
})

test('a refused send comes back before what was written meanwhile, with the caret where it was', async () => {
  const page = await sitDown(await hire('Jimena Ruelas'))
  await owned(page, 'Abel Quintero')
  // Nothing to be seen in it: refused by the workstation itself.
  await composer(page).fill('\u2800\u3164')
  await composer(page).evaluate(async (field: HTMLTextAreaElement) => {
    field.focus()
    field.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }),
    )
    // Emptied by now; and not answered yet.
    await Promise.resolve()
    await Promise.resolve()
    document.execCommand('insertText', false, 'y lo que sigue')
  })
  await expect(composer(page)).toHaveValue('\u2800\u3164\ny lo que sigue')
  await page.keyboard.type(', aquí')
  await expect(composer(page)).toHaveValue('\u2800\u3164\ny lo que sigue, aquí')
})

test('R goes to the end of a draft, and later to where one was', async () => {
  const person = await hire('Karina Lobo')
  const page = await sitDown(person)
  await owned(page, 'Bruno Haro')
  await composer(page).fill('A medio')
  await owned(page, 'Carmen Ibáñez')
  await openRow(page, 'Bruno Haro')
  await page.keyboard.press('r')
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type(' escribir')
  await expect(composer(page)).toHaveValue('A medio escribir')
  await page.keyboard.press('Home')
  await page.keyboard.press('Escape')
  await page.keyboard.press('r')
  await expect(composer(page)).toBeFocused()
  await page.keyboard.type('Va ')
  await expect(composer(page)).toHaveValue('Va A medio escribir')
})

test('what was closed or released is undone by Ctrl Z or its button, offline too, and only once', async () => {
  test.setTimeout(120_000)
  const page = await sitDown(await hire('Lucio Marín'))
  const id = await owned(page, 'Dora Cantú')
  const undo = page.getByRole('status').filter({ hasText: 'Deshacer' })
  const undone = () => thread(page).getByText('Lo deshiciste').count()

  await page.keyboard.press('Shift+S')
  await expect(undo).toContainText('Soltaste la de Dora Cantú.')
  await expect(thread(page)).toContainText('La soltaste a la cola')
  await undo.getByRole('button', { name: 'Deshacer' }).click()
  await expect(undo).toHaveCount(0)
  await expect(composer(page)).toBeVisible()
  await expect.poll(undone).toBe(1)

  // A text field keeps its own undo.
  await composer(page).fill('Va')
  await region(page, 'Dora Cantú')
    .getByRole('button', { name: /^Cerrar/ })
    .click()
  await page.getByRole('menuitem', { name: 'Resuelta' }).click()
  await expect(undo).toContainText('Cerraste la de Dora Cantú.')
  await expect(thread(page)).toContainText('La cerraste')
  await composer(page).focus()
  await page.keyboard.press('Control+z')
  await expect(undo).toBeVisible()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect.poll(undone).toBe(2)
  expect(await stateOf(id)).not.toContain('closed')

  const offline = await owned(page, 'Elías Bravo')
  await world.stopServer()
  await expect(page.locator('html[data-connection=offline]')).toBeAttached()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('Shift+S')
  await expect(composer(page)).toBeHidden()
  await page.keyboard.press('Control+z')
  await expect(composer(page)).toBeVisible()
  const before = await stateOf(offline)
  await world.startServer()
  await expect(page.locator('html[data-connection=online]')).toBeAttached({ timeout: 30_000 })
  await expect(composer(page)).toBeVisible()
  expect(await stateOf(offline)).toBe(before)
})

test('two closed one after the other are both undone, the later first', async () => {
  const page = await sitDown(await hire('Irma Duarte'))
  const ids = [await owned(page, 'Gael Prieto'), await owned(page, 'Hilda Cano')]
  const undo = page.getByRole('status').filter({ hasText: 'Deshacer' })
  for (const name of ['Gael Prieto', 'Hilda Cano']) {
    await openRow(page, name)
    await region(page, name)
      .getByRole('button', { name: /^Cerrar/ })
      .click()
    await page.getByRole('menuitem', { name: 'Resuelta' }).click()
    await expect(undo).toContainText(`Cerraste la de ${name}.`)
  }
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('Control+z')
  await expect(undo).toContainText('Cerraste la de Gael Prieto.')
  await page.keyboard.press('Control+z')
  await expect(undo).toHaveCount(0)
  for (const id of ids) await expect.poll(() => stateOf(id)).not.toContain('closed')
})

test('an agent’s transfer that has left their reach is undone, and the conversation is theirs again', async () => {
  const person = await hire('Rebeca Soto')
  const page = await sitDown(person)
  const id = await owned(page, 'Fausto Lara')
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('t')
  await page.getByRole('dialog').getByText('Support', { exact: false }).first().click()
  const undo = page.getByRole('status').filter({ hasText: 'Transferiste la de Fausto Lara.' })
  await expect(undo).toBeVisible()
  await expect(row(page, 'Fausto Lara')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(row(page, 'Fausto Lara')).toBeVisible()
  await openRow(page, 'Fausto Lara')
  await expect(thread(page)).toContainText('Quiero comprar un plan')
  await expect(thread(page)).toContainText('Lo deshiciste: volvió a donde estaba')
  expect(await stateOf(id)).toContain(person.id)
})

test('an undo that comes too late, of what has left one’s reach, can be put away', async () => {
  const person = await hire('Saúl Trejo')
  const page = await sitDown(person)
  const other = await world.addPerson({ fullName: 'Olga Rubio', role: 'agent', teams: ['support'] })
  const id = await owned(page, 'Gilda Mora')
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await page.keyboard.press('t')
  await page.getByRole('dialog').getByText('Support', { exact: false }).first().click()
  await expect(row(page, 'Gilda Mora')).toHaveCount(0)
  // The colleague comes after it, and not before the server has heard of it.
  await expect.poll(() => stateOf(id)).not.toContain(person.id)
  await world.pool.query(
    `INSERT INTO conversation_events (conversation_id, event_type, actor_type, actor_id, old_value, new_value)
     VALUES ($1, 'conversation.assigned', 'user', $2, '{}', '{}')`,
    [id, other.id],
  )
  await page.keyboard.press('Control+z')
  await page.getByRole('status').getByRole('button', { name: /Ver/ }).click()
  await page.getByRole('button', { name: 'Decidir' }).click()
  const refused = page.getByRole('group', { name: 'Acción sin enviar' })
  await expect(refused).toContainText('Olga Rubio')
  await refused.getByRole('button', { name: 'Entendido' }).click()
  await expect(refused).toHaveCount(0)
  await expect(page.getByText('espera tu decisión')).toHaveCount(0)
})

test('a shortcut is changed, taken from another, switched off and delivered again; it stays over a restart', async () => {
  const person = await hire('Tomás Vidal')
  const page = await sitDown(person)
  await customerWrites('Ulises Roa')
  await openRow(page, 'Ulises Roa')
  const help = page.getByRole('dialog', { name: 'Atajos de teclado' })
  const line = (name: string) => help.locator('[data-command]').filter({ hasText: name })
  const change = (name: string) => line(name).getByRole('button', { name: /atajo (de|a) «/ })
  await page.keyboard.press('?')
  await expect(help.getByText('Tomarla de quien la tiene')).toHaveCount(0)

  await change('Reclamar').first().click()
  await page.keyboard.press('t')
  await expect(help.getByRole('status')).toContainText('Ya es de «Transferir')
  await page.keyboard.press('Control+Alt+k')
  await expect(change('Reclamar').first()).toHaveAccessibleName(/ahora Ctrl Alt K/)
  await help.getByLabel('Atajos de una sola tecla').uncheck()
  await page.keyboard.press('Escape')
  await expect(help).toHaveCount(0)
  await page.keyboard.press('c')
  await page.keyboard.press('?')
  await expect(help).toHaveCount(0)
  await page.keyboard.press('Control+Alt+k')
  await expect(composer(page)).toBeVisible()

  await page.reload()
  await page.getByRole('button', { name: 'Atajos de teclado' }).click()
  await expect(change('Reclamar').first()).toHaveAccessibleName(/ahora Ctrl Alt K/)
  await expect(help.getByLabel('Atajos de una sola tecla')).not.toBeChecked()
  await help.getByRole('button', { name: 'Restablecer todos los atajos' }).click()
  await help.getByLabel('Atajos de una sola tecla').check()
  await expect(change('Reclamar').first()).toHaveAccessibleName(/ahora C$/)
})
