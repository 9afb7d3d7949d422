/** The ways in: the first run as owner, phones that join by one QR code, and a name that waits at the door. */
import { found } from '../support/founding';
import { shell } from '../support/screen';
import { expect, test } from '../support/test';

test('the first run ends in #general with a link to give out, and three phones join a class by one code', async ({
  visitor,
  server,
}) => {
  const { page, watch } = await visitor();
  watch.announce(/status of 422/);
  await page.goto(server.first());
  // Enter goes on to the next question, and an error stands below its field until that changes.
  await page.getByLabel('Name of the place').fill('Harbour Works');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Display name')).toBeFocused();
  await page.keyboard.type('Mei Lin');
  const password = page.getByLabel('Password');
  await password.fill('short');
  await password.press('Enter');
  await expect(page.getByRole('radio', { name: 'By invite' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(password).toBeFocused();
  await expect(page.locator('.field', { has: password }).getByRole('alert')).toBeVisible();
  await password.fill('correct horse');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(password).toBeVisible();
  await found(page, server.first(), 'By invite');
  await expect(page.locator('.qr svg')).toBeVisible();
  const link = (await page.locator('.door-address').textContent()) ?? '';
  await page.getByRole('link', { name: 'Go in' }).click();
  await expect(page).toHaveURL(/\/channel\/general$/);
  await expect(shell(page).account).toContainText('Mei Lin');

  // An invite for guests, made in the product.
  await page.goto('/people/invites');
  await page.getByRole('button', { name: 'New invite' }).click();
  await page.getByLabel('For whom').fill('Physics');
  await page.getByLabel('Makes them').selectOption('guest');
  await page.getByRole('dialog').getByLabel('#general').check();
  await page.getByRole('button', { name: 'Make invite' }).click();
  const code = page.getByRole('dialog').getByRole('img', { name: 'QR code of Physics' });
  await expect(code).toBeVisible();
  const address = (await page.getByRole('dialog').locator('.address').textContent()) ?? '';
  expect(address).not.toBe(link);

  for (const name of ['Ka Yan', 'Jasper', '陈嘉欣']) {
    const phone = await visitor({ viewport: { width: 390, height: 844 } });
    await phone.page.goto(address);
    await expect(phone.page.getByRole('heading', { name: '#general' })).toBeVisible();
    await phone.page.getByLabel('Your name').fill(name);
    await phone.page.getByRole('button', { name: 'Join #general' }).click();
    await expect(phone.page).toHaveURL(/\/channel\/general$/);
  }

  // Enter takes the name that stands in the field, not the one that was offered for the name before.
  const late = await visitor();
  late.watch.announce(/status of 409/);
  await late.page.goto(address);
  const field = late.page.getByLabel('Your name');
  await field.fill('Jasper');
  await field.press('Enter');
  await expect(late.page.getByRole('button', { name: 'Jasper 2' })).toBeVisible();
  await field.fill('Mira');
  await field.press('Enter');
  await expect(late.page).toHaveURL(/\/channel\/general$/);
  await expect(shell(late.page).account).toContainText('Mira');
});

test('a name waits at the door and comes in by itself, once it is let in', async ({ visitor, server }) => {
  const owner = await visitor();
  await found(owner.page, server.first(), 'By approval');
  const other = await visitor();
  await other.page.goto('/login');
  await other.page.getByLabel('Display name').fill('Olu Bankole');
  await other.page.getByRole('button', { name: /^Join/ }).click();
  await expect(other.page).toHaveURL(/\/waiting$/);
  await expect(other.page.getByRole('status')).toContainText('Olu Bankole');
  await owner.page.goto('/people/waiting');
  await owner.page.getByRole('button', { name: 'Let Olu Bankole in' }).click();
  await expect(shell(owner.page).flash(/Olu Bankole is in/)).toBeVisible();
  await expect(shell(other.page).account).toContainText('Olu Bankole');
});

test('the owner names the place and closes it', async ({ visitor, server }) => {
  const owner = await visitor();
  await found(owner.page, server.first(), 'Open');
  await owner.page.goto('/people/entry');
  await owner.page.getByLabel('Name', { exact: true }).fill('Pier 5');
  await owner.page.getByRole('radio', { name: 'Closed' }).check();
  await owner.page.getByRole('button', { name: 'Save changes' }).click();
  await expect(shell(owner.page).flash('Saved.')).toBeVisible();
  const other = await visitor();
  other.watch.announce(/status of 403/);
  await other.page.goto('/login');
  await expect(other.page.getByRole('button', { name: 'Join Pier 5' })).toBeVisible();
  await other.page.getByLabel('Display name').fill('Late');
  await other.page.getByRole('button', { name: /^Join/ }).click();
  await expect(other.page.getByRole('alert')).toContainText('The door is closed');
});
