/** What comes with the dialogs, a moment after the first message: a press that is earlier waits for it. */
import type { Page } from '@playwright/test';
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

const DIALOGS = /\/assets\/dialogs-[^/]*\.js/;

/** Opens a channel without the dialogs, which come when they are let go. */
async function openEarly(page: Page): Promise<() => void> {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(DIALOGS, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/channel/general', { waitUntil: 'commit' });
  await expect(page.locator('#first')).toHaveCount(0);
  return letGo;
}

test('Enter on a message waits for its menu', async ({ person }) => {
  const ada = await person('Ada');
  const { page } = ada;
  const general = await ada.createChannel('general');
  await ada.post(general, 'Morning');
  const letGo = await openEarly(page);
  await chat(page).number(1).focus();
  await page.keyboard.press('Enter');
  const items = page.getByRole('menuitem');
  await expect(items).toHaveCount(0);
  letGo();
  await expect(items.first()).toBeFocused();
});

test('a press on the account waits for its menu', async ({ person }) => {
  const ada = await person('Ada');
  const { page } = ada;
  await ada.createChannel('general');
  const letGo = await openEarly(page);
  await page.getByRole('button', { name: /Account menu/ }).click();
  await expect(page.getByRole('menu')).toHaveCount(0);
  letGo();
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Account menu/ })).toBeFocused();
});

test('a menu whose script failed is there after the page came anew', async ({ person }) => {
  const ada = await person('Ada');
  const { page } = ada;
  ada.watch.announce(/ERR_FAILED|Failed to load resource/);
  await ada.createChannel('general');
  await page.route(DIALOGS, (route) => route.abort(), { times: 1 });
  const failed = page.waitForEvent('requestfailed', (request) => DIALOGS.test(request.url()));
  await page.goto('/channel/general', { waitUntil: 'commit' });
  await failed;
  const account = page.getByRole('button', { name: /Account menu/ });
  await Promise.all([page.waitForEvent('load'), account.click()]);
  await account.click();
  await expect(page.getByRole('menuitem').first()).toBeFocused();
});
