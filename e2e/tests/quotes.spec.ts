/** Answers that quote: what they show of the original, and what becomes of it. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expectNoSidewaysScroll } from '../support/layout';
import { ZH, chat, messageMenu } from '../support/screen';
import { expect, test } from '../support/test';

const NETWORK = /Failed to load resource: net::/;
const quote = (row: Locator): Locator => row.locator('.quote');
const note = (page: Page): Locator => page.locator('.c-quote[role=status]');

test('an answer quotes a message, follows what becomes of it, and leads to it', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  const { number } = await ada.post(general, 'The early ferry leaves at 06:10');
  for (let i = 1; i <= 40; i += 1) await ada.post(general, `later ${i}`);
  await ada.open(general);
  await rain.open(general);
  const { page } = rain;
  await chat(page).log.evaluate((log) => log.scrollTo(0, 0));
  await messageMenu(page).choose(chat(page).row('early ferry'), /^Quote/);
  await expect(note(page)).toHaveText('Quoting Ada The early ferry leaves at 06:10');
  await expect(chat(page).box).toBeFocused();
  // Esc takes it out, and nothing else.
  await page.keyboard.type('Is there');
  await page.keyboard.press('Escape');
  await expect(note(page)).toBeHidden();
  await expect(chat(page).box).toHaveValue('Is there');
  await chat(page).number(number).focus();
  await page.keyboard.press('q');
  await page.reload();
  // The draft keeps it, and it goes out without a network first.
  await expect(note(page)).toContainText(/Ada|An earlier message/);
  rain.watch.announce(NETWORK);
  await page.context().setOffline(true);
  await chat(page).box.pressSequentially(' a later one?');
  await page.keyboard.press('Shift+Enter');
  const mine = chat(page).row('a later one?');
  await expect(quote(mine)).toBeVisible();
  await expect(note(page)).toBeHidden();
  await page.context().setOffline(false);
  const hers = chat(ada.page).row('a later one?');
  for (const row of [mine, hers]) await expect(quote(row)).toContainText('Ada');
  await expect(quote(hers)).toHaveText(/^Quoting Ada \d\d:\d\d The early ferry leaves at 06:10$/);
  const { violations } = await new AxeBuilder({ page: ada.page }).analyze();
  expect(violations).toEqual([]);

  // An edit and a deletion of the original show in it, live and for whoever comes later.
  await ada.call('PATCH', `/api/channels/${general.id}/messages/${number}`, { text: 'It leaves at 06:15' });
  for (const row of [mine, hers]) await expect(quote(row)).toContainText('It leaves at 06:15');
  await quote(hers).click();
  await expect(chat(ada.page).number(number)).toBeFocused();
  expect(new URL(ada.page.url()).pathname).toMatch(/\/channel\/general/);
  await ada.call('DELETE', `/api/channels/${general.id}/messages/${number}`);
  await expect(quote(mine)).toHaveText('Quoting A message that was deleted');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await expect(quote(mine)).toHaveText('Quoting A message that was deleted');
  await expectNoSidewaysScroll(page);
  await rain.call('PATCH', '/api/me/settings', { language: 'zh' });
  await page.reload();
  await expect(quote(mine)).toHaveText('引用 一条已删除的消息');
  await expect(chat(page, ZH).box).toBeVisible();
});
