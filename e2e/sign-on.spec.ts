/// <reference lib="dom" />
import { chromium, expect, type ElectronApplication, type Page } from '@playwright/test'

import { test } from './support/crew.ts'
import { go } from './support/go.ts'
import { startDirectory, type Directory } from './support/identity-provider.ts'
import { type Person, type World } from './support/world.ts'

/** A person's browser: what the workstation would have opened there is opened by the test. */
async function recordOpened(app: ElectronApplication): Promise<() => Promise<string>> {
  await app.evaluate(({ shell }) => {
    const seen: string[] = []
    Object.assign(globalThis, { openedLinks: seen })
    shell.openExternal = async (url: string) => void seen.push(url)
  })
  let taken = 0
  // The next one: what was opened before is another attempt's.
  return async () => {
    const place = taken++
    const next = () =>
      app.evaluate(
        (_electron, at) => (globalThis as unknown as { openedLinks: string[] }).openedLinks[at],
        place,
      )
    await expect.poll(next).toBeDefined()
    return (await next()) ?? ''
  }
}

const launchBrowser = () =>
  chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })

async function signInThere(browser: Page, name: string): Promise<void> {
  await browser.getByPlaceholder('Enter any login').fill(name)
  await browser.getByPlaceholder('and password').fill('any')
  await browser.getByRole('button', { name: 'Sign-in' }).click()
  await browser.getByRole('button', { name: 'Continue' }).click()
}

/** On the screen, as an administrator does it. */
async function setUp(page: Page, { issuer, clientId, clientSecret }: Directory): Promise<void> {
  await go(page, 'Personas y equipos')
  await page.getByRole('button', { name: 'Inicio de sesión único' }).click()
  await page.getByRole('button', { name: 'Agregar directorio' }).click()
  const pane = page.getByRole('region', { name: 'Agregar directorio' })
  await pane.getByRole('textbox', { name: 'Nombre' }).fill('Acme')
  await pane.getByRole('textbox', { name: 'Emisor' }).fill(issuer)
  await pane.getByRole('textbox', { name: 'Identificador de cliente' }).fill(clientId)
  await pane.getByRole('textbox', { name: 'Secreto de cliente' }).fill(clientSecret)
  await pane.getByRole('textbox', { name: 'Dominios' }).fill('@parley.example')
  await pane.getByRole('textbox', { name: 'Claim de los grupos' }).fill('groups')
  await pane.getByText('Crear su cuenta a quien entra por primera vez').click()
  await page.screenshot({ path: test.info().outputPath('provider.png') })
  await pane.getByRole('button', { name: 'Guardar' }).click()
  await page.getByRole('button', { name: 'Acme' }).click()
  const kept = page.getByRole('region', { name: 'Acme' })
  await kept.getByRole('button', { name: 'Comprobar ahora' }).click()
  await expect(kept.getByRole('status')).toContainText('El directorio responde')
  await kept.getByRole('button', { name: 'Cerrar', exact: true }).click()
  await page.getByRole('button', { name: 'Agregar grupo' }).click()
  await page.getByRole('textbox', { name: 'Grupo en el directorio' }).fill('Ventas')
  await page.getByLabel('Equipo', { exact: true }).selectOption({ label: 'Sales' })
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByRole('button', { name: 'Guardar' })).toHaveCount(0)
  await page.screenshot({ path: test.info().outputPath('sign-on.png') })
}

async function team(world: World, userId: string): Promise<string[]> {
  const { rows } = await world.pool.query<{ slug: string }>(
    `SELECT t.slug FROM team_memberships m JOIN teams t ON t.id = m.team_id WHERE m.user_id = $1`,
    [userId],
  )
  return rows.map(({ slug }) => slug)
}

test('people sign in by their company’s directory, and are locked out within two seconds of signing out there', async ({
  world,
  signIn,
  open,
}) => {
  test.setTimeout(180_000)
  const ada = await world.addPerson({ fullName: 'Ada Pérez', role: 'admin', teams: ['sales'] })
  const nora: Person = await world.addPerson({ fullName: 'Nora Villa', role: 'agent', teams: [] })
  const directory = await startDirectory(world.serverUrl, {
    emailOf: (name) => (name === 'nora' ? nora.email : `${name}@parley.example`),
    groupsOf: () => ['Ventas'],
  })
  const person = await launchBrowser()
  try {
    const { page } = await signIn(ada)
    await setUp(page, directory)

    const workstation = await open()
    const opened = await recordOpened(workstation.app)
    const other = workstation.page
    await other.getByLabel('Correo').focus()
    await other.getByRole('button', { name: 'Entrar con Acme' }).click()
    await expect(other.getByRole('status')).toContainText('Sigue en tu navegador')
    await other.screenshot({ path: test.info().outputPath('waiting.png') })
    const browser = await (await person.newContext({ locale: 'es-MX' })).newPage()
    await browser.goto(await opened())
    await signInThere(browser, 'nora')
    await expect(browser.getByRole('heading', { name: 'Listo: sigue en Parley' })).toBeVisible()
    await browser.screenshot({ path: test.info().outputPath('browser.png') })
    // No token of the provider's, and no ticket that still opens anything, is left in the address.
    expect(new URL(browser.url()).hostname).toBe('127.0.0.1')
    await expect(
      other.locator('html[data-session=signed_in][data-connection=online]'),
    ).toBeAttached()
    expect(await team(world, nora.id)).toEqual(['sales'])

    // They sign out of everything there.
    await browser.goto(directory.signOutUrl)
    const signedOutMs = Date.now()
    await browser.getByRole('button', { name: 'Yes, sign me out' }).click()
    await expect(other.locator('html[data-session=locked]')).toBeAttached({ timeout: 10_000 })
    test.info().annotations.push({
      type: 'locked after, in ms',
      description: String(Date.now() - signedOutMs),
    })
    await other.screenshot({ path: test.info().outputPath('locked.png') })

    // And back in, from the locked workstation.
    await other.getByRole('button', { name: 'Entrar con Acme' }).click()
    await browser.goto(await opened())
    await signInThere(browser, 'nora')
    await expect(other.locator('html[data-session=signed_in]')).toBeAttached()

    await go(page, 'Auditoría')
    await expect(page.getByRole('row', { name: /El directorio cerró sus sesiones/ })).toBeVisible()
    await page.screenshot({ path: test.info().outputPath('audit.png') })
  } finally {
    await person.close()
    await directory.stop()
  }
})

test('who does not come back, and who has no account, stays at the door and knows why', async ({
  world,
  signIn,
  open,
}) => {
  test.setTimeout(120_000)
  const ada = await world.addPerson({ fullName: 'Ada Pérez', role: 'admin', teams: ['sales'] })
  const directory = await startDirectory(world.serverUrl, {
    emailOf: (name) => `${name}@elsewhere.example`,
    groupsOf: () => [],
  })
  const person = await launchBrowser()
  try {
    const { page } = await signIn(ada)
    await setUp(page, directory)
    const { page: other, app } = await open()
    const opened = await recordOpened(app)
    await other.getByRole('button', { name: 'Entrar con Acme' }).click()
    await opened()
    await other.getByRole('button', { name: 'Dejar de esperar' }).click()
    await expect(other.getByRole('button', { name: 'Entrar con Acme' })).toBeVisible()
    await expect(other.getByRole('alert')).toHaveCount(0)

    await other.getByRole('button', { name: 'Entrar con Acme' }).click()
    const browser = await (await person.newContext({ locale: 'en-GB' })).newPage()
    await browser.goto(await opened())
    await signInThere(browser, 'stranger')
    await expect(browser.getByRole('heading', { name: 'We couldn’t sign you in' })).toBeVisible()
    await expect(other.getByRole('alert')).toContainText('Tu correo es de otra empresa')
    await other.screenshot({ path: test.info().outputPath('refused.png') })
  } finally {
    await person.close()
    await directory.stop()
  }
})
