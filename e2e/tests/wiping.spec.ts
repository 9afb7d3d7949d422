/** Removing what a person wrote: of the last day with their account, and all of their data; and taking it along. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { holdAlerts } from '../support/alerts';
import { chat, shell, signIn } from '../support/screen';
import { expect, test } from '../support/test';

const SECRET = 'correct horse battery';

async function choose(page: Page, name: string, what: string): Promise<void> {
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: what }).click();
}

test('what somebody wrote in the last day goes with their account, from every open screen', async ({
  person,
  server,
}) => {
  const [mei, ada, bob] = [await person('Mei'), await person('Ada'), await person('Bob')];
  bob.watch.announce(/status of 401/);
  await mei.setPassword(SECRET);
  server.giveRole('Mei', 'owner');
  const general = await ada.createChannel('general');
  await ada.post(general, 'from Ada');
  await bob.open(general);
  await bob.post(general, 'rude one');
  await bob.post(general, 'rude two');
  await ada.open(general);
  await expect(chat(ada.page).row('rude two')).toBeVisible();

  await holdAlerts(mei.page);
  await mei.page.goto('/people');
  await choose(mei.page, 'Bob', 'Deactivate…');
  const question = mei.page.getByRole('alertdialog', { name: 'Deactivate Bob?' });
  await expect(question.getByRole('button', { name: 'Keep' })).toBeFocused();
  await expect(question).toContainText('2 messages, 0 files where you are.');
  await question.getByRole('checkbox').check();
  await question.getByRole('button', { name: 'Deactivate' }).click();
  await expect(shell(mei.page).flash(/What they wrote in the last 24 hours is being removed/)).toBeVisible();
  await expect(ada.page.getByText('Removed by a moderator')).toHaveCount(2);
  await expect(ada.page.getByText(/rude/)).toHaveCount(0);
  await expect(chat(ada.page).row('from Ada')).toBeVisible();
  await expect(signIn(bob.page).name).toBeVisible();
});

test('somebody takes their data along, and an owner removes it for good', async ({ person, server }) => {
  const [mei, ada, bob] = [await person('Mei'), await person('Ada'), await person('Bob')];
  bob.watch.announce(/status of 401/);
  await mei.setPassword(SECRET);
  server.giveRole('Mei', 'owner');
  const general = await ada.createChannel('general');
  await bob.open(general);
  await bob.post(general, 'my words');
  await bob.page.goto('/settings');
  const download = bob.page.waitForEvent('download');
  await bob.page.getByRole('link', { name: 'Download my data' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('chinwag-data.zip');
  const bytes = await readFile(await file.path());
  expect(bytes.subarray(0, 2).toString()).toBe('PK');
  expect(bytes.includes('my words')).toBe(true);

  await ada.open(general);
  await expect(chat(ada.page).row('my words')).toBeVisible();
  await holdAlerts(mei.page);
  await mei.page.goto('/people');
  await choose(mei.page, 'Bob', 'Remove data…');
  const question = mei.page.getByRole('alertdialog', { name: 'Remove the data of Bob for good?' });
  await expect(question.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await expect(question).toContainText('1 message, 0 files where you are.');
  const remove = question.getByRole('button', { name: 'Remove data' });
  await expect(remove).toBeDisabled();
  await question.getByRole('textbox', { name: 'Type Bob to confirm' }).fill('Bob');
  await remove.click();
  await expect(shell(mei.page).flash('The data of Bob is being removed.')).toBeVisible();
  const row = mei.page.getByRole('row').filter({ hasText: /Former member \d+/ });
  await expect(row).toContainText('Data removed');
  await expect(row.getByRole('button', { name: /More for|Bring back/ })).toHaveCount(0);
  await expect(ada.page.getByText('my words')).toHaveCount(0);
  await expect(ada.page.getByText('Bob', { exact: true })).toHaveCount(0);
  await expect(signIn(bob.page).name).toBeVisible();
});
