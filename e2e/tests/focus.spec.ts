/** The focus never falls to the page: it goes to where one goes on. */
import type { Page } from '@playwright/test';
import { chat, deleteQuestion, messageMenu, signIn } from '../support/screen';
import { expect, test } from '../support/test';

test('after a deletion the focus is on the tombstone', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  for (const text of ['first', 'second', 'third']) await ada.post(general, text);
  await ada.open(general);
  await expect(chat(ada.page).row('second')).toBeVisible();
  await chat(ada.page).row('second').focus();
  await ada.page.keyboard.press('Enter');
  await messageMenu(ada.page)
    .item(/^Delete/)
    .press('Enter');
  await deleteQuestion(ada.page).confirm.press('Enter');
  await expect(chat(ada.page).row('Ada deleted a message')).toBeFocused();
  await ada.page.keyboard.press('ArrowDown');
  await expect(chat(ada.page).row('third')).toBeFocused();
});

test('after the jump to the newest messages the focus is on the newest one, or in the composer', async ({
  person,
  voice,
}) => {
  const ada = await person('Ada');
  const rain = await voice('小雨');
  const general = await ada.createChannel('general');
  for (let i = 1; i <= 40; i += 1) await ada.post(general, `line ${i}`);
  await ada.open(general);
  await expect(chat(ada.page).row('line 40')).toBeInViewport();
  await up(ada.page);
  await rain.post(general, 'look here');
  await chat(ada.page).newer.press('Enter');
  await expect(chat(ada.page).row('look here')).toBeFocused();
  await up(ada.page);
  await rain.post(general, 'and here');
  await chat(ada.page).newer.click();
  await expect(chat(ada.page).row('and here')).toBeInViewport();
  await expect(chat(ada.page).box).toBeFocused();
});

test('when the focused element goes away, the focus is on what takes its place', async ({ person }) => {
  const ada = await person('Ada');
  const { page } = ada;
  await ada.open(await ada.createChannel('general'));
  await expect(chat(page).box).toBeFocused();
  await page.keyboard.press('Control+,');
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('button', { name: 'Set password' }).press('Enter');
  const fresh = page.getByLabel('New password', { exact: true });
  await expect(fresh).toBeFocused();
  await fresh.fill('correct horse battery');
  await fresh.press('Enter');

  // What is wrong is said where it is.
  ada.watch.announce(/status of 403/);
  await page.getByRole('button', { name: 'Change', exact: true }).press('Enter');
  const current = page.getByLabel('Current password', { exact: true });
  await expect(current).toBeFocused();
  await current.fill('battery horse correct');
  await fresh.fill('correct horse stable');
  await fresh.press('Enter');
  await expect(current).toBeFocused();
  await expect(current).toHaveAttribute('aria-invalid', 'true');
  await expect(fresh).toHaveAttribute('aria-invalid', 'false');

  const name = page.getByRole('textbox', { name: 'Token name' });
  await name.fill('ferry');
  await name.press('Enter');
  await page.getByRole('button', { name: /^Revoke/ }).press('Enter');
  await expect(name).toBeFocused();

  await page.goto('/channel/general');
  await page.getByRole('button', { name: 'Channel options' }).press('Enter');
  await page.getByRole('menuitem', { name: /^Leave/ }).press('Enter');
  await expect(page).toHaveURL(/\/channels$/);
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'general' })).toBeVisible();
});

test('a link to a message leads to it through the sign-in page', async ({ voice, visitor }) => {
  const rain = await voice('小雨');
  const general = await rain.createChannel('general');
  for (let i = 1; i <= 45; i += 1) await rain.post(general, `line ${i} of many`);
  for (const number of [3, 40]) {
    const { page } = await visitor();
    await page.goto(`/channel/general/${number}`);
    await signIn(page).name.fill(`Ada ${number}`);
    await signIn(page).join.click();
    await expect(chat(page).number(number)).toBeFocused();
    await expect(chat(page).number(number)).toBeInViewport();
  }
});

/** Reads further up. */
async function up(page: Page): Promise<void> {
  await chat(page).log.hover();
  await page.mouse.wheel(0, -2_000);
  await expect(chat(page).row('line 40')).not.toBeInViewport();
}
