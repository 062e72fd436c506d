import { type Page } from '@playwright/test'

import { PASSWORD, type Person } from './world.ts'

/** As a person does who has not been at this workstation yet. What they see then is awaited by who asks. */
export async function signInAs(page: Page, { email }: Person): Promise<void> {
  await page.getByLabel('Correo').fill(email)
  await page.getByLabel('Contraseña', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Entrar' }).click()
}
