import { expect } from '@playwright/test'

import { type StaffedWorkstation } from './support/crew.ts'
import { eventually } from './support/eventually.ts'
import { test, type NotificationDaemon } from './support/notification-daemon.ts'
import { placed, promise } from './support/service-level.ts'

/** What a lead hears of the operating system, wherever they are: each workstation has a desktop of its own. */

const LUCIA = { phone: '5215550192093', name: 'Lucía Barrientos' }
const OSCAR = { phone: '5215550192094', name: 'Óscar Villaseñor' }

const on = (daemon: NotificationDaemon) => ({ env: { DBUS_SESSION_BUS_ADDRESS: daemon.address } })

function minimise({ app }: StaffedWorkstation): Promise<void> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
}

const open = ({ page }: StaffedWorkstation, name: string) =>
  page.locator('[data-open-conversation]', { hasText: name })

/** How urgent each told notification of this customer was, in order. */
function urgencies(daemon: NotificationDaemon, name: string): number[] {
  return daemon.shown
    .filter(({ title, body }) => `${title} ${body}`.includes(name))
    .map(({ urgency }) => urgency)
}

test('a lead with the window minimised is told before a promise is broken, and when it is; a click opens it', async ({
  world,
  newDesktop,
  signIn,
}) => {
  const desktop = await newDesktop()
  const lead = await world.addPerson({
    fullName: 'Rodrigo Cano',
    role: 'team_lead',
    teams: ['sales'],
  })
  const workstation = await signIn(lead, on(desktop))
  await promise(world, { firstResponseSeconds: 6, warningPercent: 50 })
  await minimise(workstation)
  await world.write(LUCIA, 'Quiero comprar: mi tarjeta es 4417')

  await eventually(() => urgencies(desktop, 'Lucía')).toEqual([0])
  const { rows: early } = await world.pool.query('SELECT 1 FROM sla_violations')
  expect(early).toEqual([])
  await eventually(() => urgencies(desktop, 'Lucía')).toEqual([0, 1])
  // By default a lock screen shows who, never what.
  expect(JSON.stringify(desktop.shown)).not.toContain('4417')
  // The warning has made room for what it warned of.
  expect(desktop.closed).toContain(desktop.shown[0]?.id)

  desktop.click(desktop.shown.at(-1)?.id ?? 0)
  await expect(open(workstation, 'Lucía Barrientos')).toBeVisible()
  await expect.poll(() => isMinimised(workstation)).toBe(false)
})

test('an escalation is critical, comes with a small window, and acknowledged on one of two devices it is over on both', async ({
  world,
  newDesktop,
  signIn,
}) => {
  const [first, second] = [await newDesktop(), await newDesktop()]
  const lead = await world.addPerson({
    fullName: 'Rodrigo Cano',
    role: 'team_lead',
    teams: ['sales'],
  })
  const office = await signIn(lead, on(first))
  const laptop = await signIn(lead, on(second))
  await minimise(office)
  await minimise(laptop)
  await promise(world, { escalationSeconds: 2 })
  await world.write(LUCIA, 'Quiero comprar')
  const id = await placed(world, LUCIA)

  for (const [desktop, workstation] of [
    [first, office],
    [second, laptop],
  ] as const) {
    await eventually(() => urgencies(desktop, 'Lucía')).toEqual([2])
    const small = await smallWindow(workstation)
    await expect(small.getByText('Lucía Barrientos')).toBeVisible()
    await expect(small.getByRole('button', { name: /Acusar/ })).toBeVisible()
  }
  expect(Object.values(first.shown[0]?.actions ?? {})).toEqual(
    expect.arrayContaining([expect.stringMatching(/Abrir/), expect.stringMatching(/Acusar/)]),
  )

  const acknowledge = Object.entries(first.shown[0]?.actions ?? {}).find(([, label]) =>
    label.includes('Acusar'),
  )
  first.click(first.shown[0]?.id ?? 0, acknowledge?.[0])
  await eventually(async () => {
    const { rows } = await world.pool.query(
      `SELECT e.acknowledged_by, a.end_reason FROM escalations e JOIN alerts a ON a.escalation_id = e.id
         WHERE e.conversation_id = $1`,
      [id],
    )
    return rows
  }).toEqual([{ acknowledged_by: lead.id, end_reason: 'acknowledged' }])
  for (const [desktop, workstation] of [
    [first, office],
    [second, laptop],
  ] as const) {
    await eventually(() => desktop.closed).toContain(desktop.shown[0]?.id)
    await eventually(() => isSmallWindowOpen(workstation)).toBe(false)
    expect(urgencies(desktop, 'Lucía')).toEqual([2])
  }
})

test('one button takes over: the conversation is the lead’s and before their eyes', async ({
  world,
  newDesktop,
  signIn,
}) => {
  const desktop = await newDesktop()
  const lead = await world.addPerson({
    fullName: 'Rodrigo Cano',
    role: 'team_lead',
    teams: ['sales'],
  })
  const workstation = await signIn(lead, on(desktop))
  await minimise(workstation)
  await promise(world, { escalationSeconds: 2 })
  await world.write(LUCIA, 'Quiero comprar')
  const id = await placed(world, LUCIA)
  const small = await smallWindow(workstation)
  await small.getByRole('button', { name: /Tomar/ }).click()
  await eventually(async () => {
    const { rows } = await world.pool.query<{ assigned_to: string | null }>(
      'SELECT assigned_to FROM conversations WHERE id = $1',
      [id],
    )
    return rows[0]?.assigned_to
  }).toBe(lead.id)
  await expect(open(workstation, 'Lucía Barrientos')).toBeVisible()
  await expect.poll(() => isMinimised(workstation)).toBe(false)
})

test('what was breached while the line was down is told on return, once and summed up', async ({
  world,
  newDesktop,
  signIn,
}) => {
  const desktop = await newDesktop()
  const lead = await world.addPerson({
    fullName: 'Rodrigo Cano',
    role: 'team_lead',
    teams: ['sales'],
  })
  const workstation = await signIn(lead, on(desktop))
  await minimise(workstation)
  await promise(world, { firstResponseSeconds: 4, warningPercent: 99 })
  await world.write(LUCIA, 'Quiero comprar')
  await world.write(OSCAR, 'Quiero un precio')
  await placed(world, LUCIA)
  await placed(world, OSCAR)
  await world.killServer()
  await expect(workstation.page.locator('html[data-connection=offline]')).toBeAttached()
  await eventually(async () => {
    const { rows } = await world.pool.query<{ is_over: boolean }>(
      `SELECT MAX(due_at) < clock_timestamp() AS is_over FROM sla_timers WHERE clock = 'first_response'`,
    )
    return rows[0]?.is_over
  }).toBe(true)
  expect(desktop.shown).toEqual([])

  await world.startServer()
  await eventually(() => desktop.shown.length).toBe(1)
  expect(`${desktop.shown[0]?.title} ${desktop.shown[0]?.body}`).toMatch(/2/)
  await expect(workstation.page.locator('html[data-connection=online]')).toBeAttached()
  desktop.click(desktop.shown[0]?.id ?? 0)
  await expect(workstation.page.locator('[data-screen=alerts]')).toContainText('Lucía Barrientos')
  await expect(workstation.page.locator('[data-screen=alerts]')).toContainText('Óscar Villaseñor')
  expect(desktop.shown).toHaveLength(1)
})

test('what was breached while the machine slept is told when it wakes, newest state only', async ({
  world,
  newDesktop,
  signIn,
}) => {
  const desktop = await newDesktop()
  const lead = await world.addPerson({
    fullName: 'Rodrigo Cano',
    role: 'team_lead',
    teams: ['sales'],
  })
  const workstation = await signIn(lead, on(desktop))
  await minimise(workstation)
  await promise(world, { firstResponseSeconds: 4, warningPercent: 50 })
  // Asleep: not a line of its code runs.
  await workstation.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('suspend'))
  const { pid } = workstation.app.process()
  process.kill(pid as number, 'SIGSTOP')
  try {
    await world.write(LUCIA, 'Quiero comprar')
    await eventually(
      async () => (await world.pool.query('SELECT 1 FROM sla_violations')).rowCount,
    ).toBe(1)
  } finally {
    process.kill(pid as number, 'SIGCONT')
  }
  await workstation.app.evaluate(({ powerMonitor }) => void powerMonitor.emit('resume'))
  await eventually(() => urgencies(desktop, 'Lucía')).toEqual([1])
  desktop.click(desktop.shown.at(-1)?.id ?? 0)
  await expect(open(workstation, 'Lucía Barrientos')).toBeVisible()
})

test('many at once are told as one', async ({ world, newDesktop, signIn }) => {
  const desktop = await newDesktop()
  const lead = await world.addPerson({
    fullName: 'Rodrigo Cano',
    role: 'team_lead',
    teams: ['sales'],
  })
  const workstation = await signIn(lead, on(desktop))
  await minimise(workstation)
  await promise(world, { firstResponseSeconds: 8, warningPercent: 99 })
  const customers = Array.from({ length: 14 }, (_, index) => ({
    phone: `52155501920${String(index).padStart(2, '0')}`,
    name: `Cliente ${index}`,
  }))
  await Promise.all(customers.map((customer) => world.write(customer, 'Quiero comprar')))
  await eventually(() => desktop.shown.at(-1)?.title + ' ' + desktop.shown.at(-1)?.body).toMatch(
    /\b14\b/,
  )
  // What was told one by one before it became many has gone from the desktop.
  const open = () => desktop.shown.filter(({ id }) => !desktop.closed.includes(id))
  await eventually(() => new Set(open().map(({ id }) => id)).size).toBe(1)
})

function isMinimised({ app }: StaffedWorkstation): Promise<boolean | undefined> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())
}

async function smallWindow({ app, page }: StaffedWorkstation) {
  await eventually(() => app.windows().length).toBe(2)
  const small = app.windows().find((window) => window !== page)
  if (small === undefined) throw new Error('there is no small window')
  return small
}

async function isSmallWindowOpen({ app }: StaffedWorkstation): Promise<boolean> {
  return app.windows().length > 1
}
