import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'

import { eventually } from './support/eventually.ts'
import { test } from './support/notification-daemon.ts'

const LUCIA = { phone: '5215550192093', name: 'Lucía Barrientos' }

test('an administrator is told of a channel whose token has ended, and it goes when the channel works again', async ({
  world,
  newDesktop,
  signIn,
}) => {
  test.setTimeout(120_000)
  const daemon = await newDesktop()
  const admin = await signIn(
    await world.addPerson({ fullName: 'Ana Ríos', role: 'admin', teams: [] }),
    { env: { DBUS_SESSION_BUS_ADDRESS: daemon.address } },
  )
  const agent = await signIn(
    await world.addPerson({ fullName: 'Mariana Solís', role: 'agent', teams: ['sales'] }),
  )
  const { page } = admin
  const strip = page.getByRole('region', { name: 'Problemas' })

  await world.write(LUCIA, 'Quiero comprar un plan')
  await agent.page.getByRole('option', { name: /Lucía Barrientos/ }).click()
  world.graph.fail({ kind: 'error', code: 190, httpStatus: 401 })
  await agent.page.getByRole('textbox', { name: /Respuesta/ }).fill('Claro que sí.')
  await agent.page.keyboard.press('Enter')

  await expect(strip).toContainText('WhatsApp 106540352242922 no acepta mensajes.')
  await eventually(() => daemon.shown.length).toBe(1)
  expect(daemon.shown[0]).toMatchObject({ title: 'Un canal no acepta mensajes' })
  const size = page.viewportSize() ?? { width: 1280, height: 800 }
  for (const theme of ['light', 'dark'] as const) {
    await page.evaluate((to) => window.parley.call('preferences.set', { theme: to }), theme)
    await expect(page.locator(`html[data-theme=${theme}]`)).toBeAttached()
    expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations).toEqual([])
    await page.screenshot({ path: test.info().outputPath(`strip-${theme}.png`) })
  }
  await page.setViewportSize({ width: 1024, height: 700 })
  await page.emulateMedia({ forcedColors: 'active' })
  for (const name of ['Qué hacer', 'Acusar recibo'])
    await expect(strip.getByRole('button', { name: new RegExp(name) })).toBeInViewport({ ratio: 1 })
  await page.screenshot({ path: test.info().outputPath('strip-1024-forced-colours.png') })
  await page.emulateMedia({ forcedColors: null })

  await page.keyboard.press('g')
  await page.keyboard.press('x')
  const problem = page.getByRole('main', { name: 'Problemas' }).getByRole('listitem')
  await expect(problem).toContainText('WHATSAPP_ACCESS_TOKEN')
  await expect(problem).toContainText('(190)')
  expect((await new AxeBuilder({ page }).setLegacyMode().analyze()).violations).toEqual([])
  await page.screenshot({ path: test.info().outputPath('screen-1024.png') })
  await page.setViewportSize(size)
  await problem.getByRole('button', { name: 'Acusar recibo' }).click()
  await expect(problem).toContainText('Acuse de recibo: Ana Ríos')
  await page.screenshot({ path: test.info().outputPath('screen-acknowledged.png') })
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await expect(strip).toHaveCount(0)
  const button = page
    .getByRole('banner')
    .getByRole('button', { name: '1 problema de la instalación' })
  await expect(button).toBeVisible()
  await eventually(() => daemon.closed).toContain(daemon.shown[0]?.id)

  // The server dies and comes back; the next message tries, and goes through.
  await world.killServer()
  await world.startServer()
  await eventually(() => world.graph.accepted.length, { timeout: 30_000 }).toBe(1)
  await expect(button).toHaveCount(0, { timeout: 30_000 })
  await page.screenshot({ path: test.info().outputPath('over.png') })

  // Whoever is no administrator has heard nothing.
  await expect(agent.page.getByText('no acepta mensajes')).toHaveCount(0)
  await expect(agent.page.getByRole('button', { name: 'Problemas' })).toHaveCount(0)
  expect([admin.problems, agent.problems]).toEqual([[], []])
})
