/** The first owner of a place. */
import { expect, type Page } from '@playwright/test';

/** The first run, as the address that the server printed leads through it. */
export async function found(page: Page, first: string, wayIn: 'Open' | 'By invite' | 'By approval'): Promise<void> {
  await page.goto(first);
  await page.getByLabel('Name of the place').fill('Harbour Works');
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByLabel('Display name').fill('Mei Lin');
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('link', { name: 'Next' }).click();
  await page.getByRole('radio', { name: wayIn }).check();
  await page.getByRole('button', { name: 'Open the doors' }).click();
  await expect(page.getByRole('heading', { name: 'Harbour Works is open' })).toBeVisible();
}
