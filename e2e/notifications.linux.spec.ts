import { expect } from '@playwright/test'

import { type StaffedWorkstation } from './support/crew.ts'
import { eventually } from './support/eventually.ts'
import { test, type NotificationDaemon } from './support/notification-daemon.ts'

let daemon: NotificationDaemon
let workstation: StaffedWorkstation

test.beforeEach(async ({ world, newDesktop, signIn }) => {
  daemon = await newDesktop()
  const mariana = await world.addPerson({
    fullName: 'Mariana Solís',
    role: 'agent',
    teams: ['sales'],
  })
  workstation = await signIn(mariana, { env: { DBUS_SESSION_BUS_ADDRESS: daemon.address } })
})

const LUCIA = { phone: '5215550192093', name: 'Lucía Barrientos' }
const OSCAR = { phone: '5215550192094', name: 'Óscar Villaseñor' }
const open = (name: string) =>
  workstation.page.locator('[data-open-conversation]', { hasText: name })

test('an assignment is told by the operating system, and a click on it opens the conversation', async ({
  world,
}) => {
  await world.write(LUCIA, 'Quiero comprar: mi tarjeta es 4417')
  await eventually(() => daemon.shown.length).toBe(1)
  const [first] = daemon.shown
  expect(`${first?.title} ${first?.body}`).toContain('Lucía Barrientos')
  // By default a lock screen shows who, never what.
  expect(JSON.stringify(first)).not.toContain('4417')

  daemon.click(first?.id ?? 0)
  await expect(open('Lucía Barrientos')).toBeVisible()
})

test('a message in one’s own conversation is told unless it is in view', async ({ world }) => {
  await world.write(LUCIA, 'Quiero comprar')
  await world.write(OSCAR, 'Quiero un precio')
  await eventually(() => daemon.shown.length).toBe(2)
  await workstation.page.getByRole('option', { name: /Lucía Barrientos/ }).click()
  await expect(open('Lucía Barrientos')).toBeVisible()

  const before = daemon.shown.length
  await world.write(LUCIA, 'lo que se ve no se anuncia')
  await expect(
    workstation.page.locator('[data-message-id]', { hasText: 'lo que se ve' }),
  ).toBeVisible()
  await world.write(OSCAR, 'lo que no se ve, sí')
  await eventually(() => daemon.shown.length).toBe(before + 1)
  expect(`${daemon.shown.at(-1)?.title} ${daemon.shown.at(-1)?.body}`).toContain('Óscar')
  daemon.click(daemon.shown.at(-1)?.id ?? 0)
  await expect(open('Óscar Villaseñor')).toBeVisible()
})

test('an offer is told with its time, a click on it goes to its card, and it goes when it is decided', async ({
  world,
}) => {
  await world.pool.query(
    `UPDATE team_settings SET routing_mode = 'offer', offer_seconds = 600 WHERE team_id = $1`,
    [world.teams.sales],
  )
  // With the window in view its card is enough.
  await workstation.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.minimize(),
  )
  await world.write(LUCIA, 'Quiero comprar: mi tarjeta es 4417')
  await eventually(() => daemon.shown.length).toBe(1)
  const [told] = daemon.shown
  expect(told?.title).toContain('Lucía Barrientos')
  expect(JSON.stringify(told)).not.toContain('4417')
  const card = workstation.page.getByRole('group', { name: 'Oferta: Lucía Barrientos' })
  daemon.click(told?.id ?? 0)
  await expect(card).toBeFocused()
  await workstation.page.keyboard.press('a')
  await expect(open('Lucía Barrientos')).toBeVisible()
})
