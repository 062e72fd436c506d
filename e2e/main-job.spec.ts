import { expect, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { eventually } from './support/eventually.ts'
import { launchWorkstation } from './support/workstation.ts'

const row = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) })
const bubble = (page: Page, text: string) => page.locator('[data-message-id]', { hasText: text })

async function reply(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /Respuesta a/ })
  await composer.fill(text)
  await composer.press('Enter')
}

test('a customer writes, the right agent has it, answers, and sees it read', async ({
  world,
  signIn,
}) => {
  const mariana = await world.addPerson({
    fullName: 'Mariana Solís',
    role: 'agent',
    teams: ['sales'],
  })
  const tomas = await world.addPerson({
    fullName: 'Tomás Rivas',
    role: 'agent',
    teams: ['support'],
  })
  const sales = await signIn(mariana)
  const support = await signIn(tomas)

  await world.write(
    { phone: '5215550192093', name: 'Lucía Barrientos' },
    'Hola, quiero comprar un plan',
  )
  await expect(row(sales.page, 'Lucía Barrientos')).toBeVisible()
  await row(sales.page, 'Lucía Barrientos').click()
  await reply(sales.page, 'Con gusto, Lucía')
  await expect(bubble(sales.page, 'Con gusto, Lucía')).toHaveAttribute('data-status', 'read')
  expect(world.graph.accepted.map(({ text }) => text)).toEqual(['Con gusto, Lucía'])

  await world.write({ phone: '5215550192093', name: 'Lucía Barrientos' }, 'Muchas gracias')
  await expect(bubble(sales.page, 'Muchas gracias')).toBeVisible()
  await expect(row(support.page, 'Lucía Barrientos')).toHaveCount(0)
  expect(sales.problems).toEqual([])
  expect(support.problems).toEqual([])
})

test('with the server gone everything is read and searched, and an answer goes out once it is back', async ({
  world,
  signIn,
}) => {
  const mariana = await world.addPerson({
    fullName: 'Mariana Solís',
    role: 'agent',
    teams: ['sales'],
  })
  const { page } = await signIn(mariana)
  await world.write(
    { phone: '5215550192093', name: 'Lucía Barrientos' },
    'Quiero comprar la tarjeta azul',
  )
  await row(page, 'Lucía Barrientos').click()
  await expect(bubble(page, 'tarjeta azul')).toBeVisible()

  await world.stopServer()
  await expect(page.locator('html[data-connection=offline]')).toBeAttached()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('tarjeta')
  await expect(page.getByRole('dialog').getByRole('option', { name: /tarjeta azul/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await reply(page, 'Escrito sin conexión')
  await expect(bubble(page, 'Escrito sin conexión')).toHaveAttribute('data-status', 'waiting')
  expect(world.graph.accepted).toEqual([])

  await world.startServer()
  await expect(bubble(page, 'Escrito sin conexión')).toHaveAttribute('data-status', 'read', {
    timeout: 30_000,
  })
  expect(world.graph.accepted.map(({ text }) => text)).toEqual(['Escrito sin conexión'])
})

test('what was in the cache is there at a cold start with no server', async ({ world, signIn }) => {
  const mariana = await world.addPerson({
    fullName: 'Mariana Solís',
    role: 'agent',
    teams: ['sales'],
  })
  const { page, userData, close } = await signIn(mariana)
  await world.write(
    { phone: '5215550192093', name: 'Lucía Barrientos' },
    'Quiero comprar la tarjeta azul',
  )
  await expect(row(page, 'Lucía Barrientos')).toBeVisible()
  await close()
  await world.stopServer()
  const again = await launchWorkstation({ userData, serverUrl: world.serverUrl })
  try {
    await row(again.page, 'Lucía Barrientos').click()
    await expect(bubble(again.page, 'tarjeta azul')).toBeVisible()
  } finally {
    await again.close()
  }
})

test('a server killed in a burst of 500 messages loses none, doubles none, and sends each answer once', async ({
  world,
  signIn,
}) => {
  test.setTimeout(180_000)
  const mariana = await world.addPerson({
    fullName: 'Mariana Solís',
    role: 'agent',
    teams: ['sales'],
    capacity: 100,
  })
  const { page } = await signIn(mariana)
  await world.write({ phone: '5215550000000', name: 'Primera Clienta' }, 'Quiero comprar')
  await row(page, 'Primera Clienta').click()

  const customers = Array.from({ length: 50 }, (_, index) => ({
    phone: `52155600000${String(index).padStart(2, '0')}`,
    name: `Cliente ${index}`,
  }))
  const texts = Array.from({ length: 500 }, (_, index) => `mensaje número ${index}`)
  const burst = Promise.all(
    texts.map(async (text, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 8))
      await world.write(customers[index % customers.length] as (typeof customers)[number], text)
    }),
  )
  const answers = Array.from({ length: 12 }, (_, index) => `respuesta ${index}`)
  world.graph.fail({ kind: 'lose_answer' }, { kind: 'lose_answer' }, { kind: 'lose_answer' })
  for (const [index, answer] of answers.entries()) {
    await reply(page, answer)
    if (index % 4 === 3) {
      await world.killServer()
      await world.startServer()
    }
  }
  await burst
  await eventually(
    async () => {
      const { rows } = await world.pool.query(
        `SELECT COUNT(*)::int AS stored, COUNT(DISTINCT content_text)::int AS texts FROM messages WHERE content_text LIKE 'mensaje número %'`,
      )
      return rows[0]
    },
    { timeout: 60_000 },
  ).toEqual({ stored: 500, texts: 500 })
  const { rows } = await world.pool.query(
    `SELECT COUNT(*)::int AS open, COUNT(DISTINCT customer_id)::int AS customers FROM conversations WHERE status <> 'closed'`,
  )
  expect(rows[0].open).toBe(rows[0].customers)

  // Each answer is settled: it reached the customer, or it is shown as possibly sent. Never twice.
  await eventually(
    async () => {
      const { rows: open } = await world.pool.query(
        `SELECT COUNT(*)::int AS count FROM messages WHERE direction = 'outbound' AND status IN ('pending', 'sent') AND ambiguous_at IS NULL`,
      )
      const { rows: all } = await world.pool.query(
        `SELECT COUNT(*)::int AS count FROM messages WHERE direction = 'outbound'`,
      )
      return [all[0].count, open[0].count]
    },
    { timeout: 60_000 },
  ).toEqual([answers.length, 0])
  const sent = world.graph.accepted.map(({ text }) => text)
  expect(new Set(sent).size).toBe(sent.length)
  const { rows: reached } = await world.pool.query(
    `SELECT content_text FROM messages WHERE direction = 'outbound' AND status IN ('delivered', 'read')`,
  )
  for (const { content_text } of reached) expect(sent).toContain(content_text)
})

for (const [role, sees] of [
  ['agent', false],
  ['team_lead', false],
  ['supervisor', true],
  ['admin', true],
] as const) {
  test(`a ${role} signs in and sees ${sees ? 'every team' : 'their own team only'}`, async ({
    world,
    signIn,
  }) => {
    const person = await world.addPerson({
      fullName: 'Paola Aréchiga',
      role,
      teams: ['sales'],
      capacity: 0,
    })
    await world.write({ phone: '5215550000001', name: 'Clienta de Ventas' }, 'Quiero comprar')
    await world.write({ phone: '5215550000002', name: 'Cliente de Soporte' }, 'Tengo un error')
    const { page, problems } = await signIn(person)
    await page
      .getByRole('button', { name: /Abiertas/ })
      .or(page.getByRole('link', { name: /Abiertas/ }))
      .or(page.getByRole('treeitem', { name: /Abiertas/ }))
      .first()
      .click()
    await expect(row(page, 'Clienta de Ventas')).toBeVisible()
    await expect(row(page, 'Cliente de Soporte')).toHaveCount(sees ? 1 : 0)
    expect(problems).toEqual([])
  })
}
