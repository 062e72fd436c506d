/// <reference lib="dom" />
import { Secret, TOTP } from 'otpauth'
import { expect } from '@playwright/test'

import { test } from './support/crew.ts'
import { go } from './support/go.ts'
import { PASSWORD } from './support/world.ts'

const CHOSEN = 'zafiro lluvia cobre tren'
const codeOf = (secret: string): string =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(/\s/g, '')) }).generate()

test('an administrator invites somebody, who comes in with the link and sets up a second factor', async ({
  world,
  signIn,
  open,
}) => {
  test.setTimeout(180_000)
  const ada = await world.addPerson({ fullName: 'Ada Pérez', role: 'admin', teams: ['sales'] })
  const { page, problems } = await signIn(ada)
  await go(page, 'Personas y equipos')
  await expect(page.getByRole('row', { name: /Ada Pérez/ })).toBeVisible()
  await page.getByRole('button', { name: 'Invitar' }).click()
  await page.getByRole('textbox', { name: 'Nombre completo' }).fill('Nora Villa')
  await page.getByRole('textbox', { name: 'Correo', exact: true }).fill('nora@parley.example')
  await page.getByRole('region', { name: 'Invitar' }).getByLabel('Sales').check()
  await page.screenshot({ path: test.info().outputPath('invite.png') })
  await page.getByRole('button', { name: 'Crear la cuenta y su enlace' }).click()
  const link = await page.getByRole('textbox', { name: 'Enlace' }).inputValue()
  await page.screenshot({ path: test.info().outputPath('link.png') })
  await expect(page.getByRole('row', { name: /Nora Villa.*Invitada/ })).toBeVisible()

  const { page: other } = await open()
  await other.getByRole('button', { name: /Tengo una invitación/ }).click()
  await other.getByRole('textbox', { name: 'Enlace' }).fill(`  ${link}\n`)
  await other.getByRole('button', { name: 'Seguir' }).click()
  await expect(other.getByRole('heading', { name: 'Hola, Nora Villa' })).toBeVisible()
  await other.getByLabel('Elige una contraseña').fill('Contraseña2026!')
  await other.getByRole('button', { name: 'Guardar y entrar' }).click()
  await expect(other.getByRole('alert')).toContainText('entre las que más se usan')
  await other.screenshot({ path: test.info().outputPath('join.png') })
  await other.getByLabel('Elige una contraseña').fill(CHOSEN)
  await other.getByRole('button', { name: 'Guardar y entrar' }).click()
  await expect(other.locator('html[data-session=signed_in]')).toBeAttached()

  await other.getByRole('button', { name: 'Ajustes' }).click()
  await other.getByRole('menuitem', { name: 'Tu cuenta…' }).click()
  const account = other.getByRole('dialog', { name: 'Tu cuenta' })
  await account.getByLabel('Contraseña actual').last().fill(CHOSEN)
  await account.getByRole('button', { name: 'Activar el segundo factor' }).click()
  const secret = await account.locator('code').textContent()
  await other.screenshot({ path: test.info().outputPath('second-factor.png') })
  await account.getByLabel('Código', { exact: true }).fill(codeOf(secret ?? ''))
  await account.getByRole('button', { name: 'Confirmar' }).click()
  await expect(account.getByRole('listitem')).toHaveCount(10)
  const recovery = await account.getByRole('listitem').first().textContent()
  await other.screenshot({ path: test.info().outputPath('recovery.png') })
  await other.keyboard.press('Escape')

  // Signed out from afar; back in with the password and a code of the list.
  await page.keyboard.press('Escape')
  // One stop for Tab, whoever there are; from there by the arrows.
  const rows = page.getByRole('rowheader').getByRole('button')
  await expect(rows).toHaveCount(2)
  await rows.first().focus()
  await page.keyboard.press('End')
  await expect(rows.last()).toBeFocused()
  await expect(rows.first()).toHaveAttribute('tabindex', '-1')
  await page.keyboard.press('ArrowUp')
  await expect(rows.first()).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(rows.last()).not.toBeFocused()
  await page.getByRole('button', { name: /Nora Villa/ }).click()
  const pane = page.getByRole('region', { name: 'Nora Villa' })
  await page.screenshot({ path: test.info().outputPath('person.png') })
  await pane.getByRole('button', { name: 'Cerrar sesión' }).click()
  await expect(other.locator('html[data-session=signed_out]')).toBeAttached({ timeout: 30_000 })
  await other.getByLabel('Correo').fill('nora@parley.example')
  await other.getByLabel('Contraseña', { exact: true }).fill(CHOSEN)
  await other.getByRole('button', { name: 'Entrar', exact: true }).click()
  await other.getByLabel('Código', { exact: true }).fill(recovery ?? '')
  await other.screenshot({ path: test.info().outputPath('code.png') })
  await other.getByRole('button', { name: 'Entrar', exact: true }).click()
  await expect(other.locator('html[data-session=signed_in]')).toBeAttached()

  await go(page, 'Auditoría')
  await expect(page.getByRole('row', { name: /Entró con un código de recuperación/ })).toBeVisible()
  await page
    .getByRole('row', { name: /Invitó a una persona/ })
    .getByRole('button')
    .click()
  await expect(page.getByRole('region', { name: 'Invitó a una persona' })).toContainText('nora@')
  await page.screenshot({ path: test.info().outputPath('audit.png') })
  expect(problems).toEqual([])
})

test('a role that asks for a second factor sets it up at the door', async ({
  world,
  signIn,
  open,
}) => {
  test.setTimeout(120_000)
  const ada = await world.addPerson({ fullName: 'Ada Pérez', role: 'admin', teams: ['sales'] })
  const { page } = await signIn(ada)
  await go(page, 'Personas y equipos')
  await page.getByRole('button', { name: 'Accesos', exact: true }).click()
  await page.getByLabel('Supervisión').check()
  await page.screenshot({ path: test.info().outputPath('access.png') })
  await page.getByRole('button', { name: 'Guardar', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Guardar', exact: true })).toBeDisabled()
  await page.getByRole('button', { name: 'Equipos', exact: true }).click()
  await page.getByRole('main').getByRole('button', { name: /Sales/ }).click()
  await expect(page.getByRole('region', { name: 'Sales' })).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('teams.png') })

  const teresa = await world.addPerson({ fullName: 'Teresa Olvera', role: 'supervisor', teams: [] })
  const { page: other } = await open()
  await other.getByLabel('Correo').fill(teresa.email)
  await other.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
  await other.getByRole('button', { name: 'Entrar', exact: true }).click()
  const secret = await other.locator('form code').textContent()
  await other.screenshot({ path: test.info().outputPath('set-up.png') })
  await other.getByLabel('Código', { exact: true }).fill(codeOf(secret ?? ''))
  await other.getByRole('button', { name: 'Entrar', exact: true }).click()
  await expect(other.locator('[data-recovery-codes]')).toBeVisible()
  await other.getByRole('button', { name: 'Ver los códigos' }).click()
  await other.getByRole('button', { name: 'Ya los guardé' }).click()
  await expect(other.locator('[data-recovery-codes]')).toBeHidden()
})

test('a company’s directory gets a key, sends somebody, and is left out of them again', async ({
  world,
  signIn,
}) => {
  test.setTimeout(120_000)
  const ada = await world.addPerson({ fullName: 'Ada Pérez', role: 'admin', teams: ['sales'] })
  const { page, problems } = await signIn(ada)
  await go(page, 'Personas y equipos')
  await page.getByRole('button', { name: 'Accesos', exact: true }).click()
  await page.getByRole('button', { name: 'Clave nueva' }).click()
  await page.getByLabel('Para qué es').fill('Entra ID')
  await page.screenshot({ path: test.info().outputPath('new-key.png'), fullPage: true })
  await page.getByRole('button', { name: 'Crear la clave' }).click()
  const key = await page.getByRole('textbox', { name: 'Clave', exact: true }).inputValue()
  await page.screenshot({ path: test.info().outputPath('key.png'), fullPage: true })

  const send = async (): Promise<number> => {
    const response = await fetch(`${world.serverUrl}/scim/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ userName: 'nora@parley.example', displayName: 'Nora Villa' }),
    })
    return response.status
  }
  expect(await send()).toBe(201)
  await page.getByRole('button', { name: 'Personas', exact: true }).click()
  await page.getByRole('button', { name: /Nora Villa/ }).click()
  const pane = page.getByRole('region', { name: 'Nora Villa' })
  await expect(pane).toContainText('El directorio envía a esta persona')
  await expect(pane.getByRole('textbox', { name: 'Nombre completo' })).not.toBeEditable()
  await page.screenshot({ path: test.info().outputPath('from-directory.png') })
  await pane.getByRole('button', { name: 'Tomarla a mi cargo…' }).click()
  await pane.getByRole('button', { name: 'Tomarla a mi cargo', exact: true }).click()
  await expect(pane.getByRole('button', { name: 'Devolverla al directorio…' })).toBeVisible()
  await expect(pane.getByRole('textbox', { name: 'Nombre completo' })).toBeEditable()

  await page.getByRole('button', { name: 'Accesos', exact: true }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'Entra ID' })
  await row.getByRole('button', { name: 'Revocar…' }).click()
  await page.screenshot({ path: test.info().outputPath('revoke.png'), fullPage: true })
  await row.getByRole('button', { name: 'Revocar', exact: true }).click()
  await expect(row).toHaveCount(0)
  expect(await send()).toBe(401)

  await go(page, 'Auditoría')
  await expect(page.getByRole('row', { name: /Dio de alta a alguien/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /Creó una clave/ })).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('audit-directory.png') })
  expect(problems).toEqual([])
})
