import { type Page } from '@playwright/test'

/** By the rail, as it calls the screen. */
export async function go(page: Page, to: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: to, exact: true }).click()
}
