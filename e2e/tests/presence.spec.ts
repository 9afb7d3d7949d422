/** Who is here and who is typing, as two people see it of each other. */
import type { Page } from '@playwright/test';
import { chat, shell, ZH } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel, Me } from '../support/voice';

/** Shows a page to its person, or something else instead of it. */
async function look(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('people see of each other whether they are here, each in their language', async ({ person }) => {
  const ada = await person('Ada', { locale: 'zh-CN' });
  const [grace, eve] = [await person('Grace'), await person('Eve', { locale: 'zh-CN' })];
  for (const one of [grace, eve]) {
    const { id } = await one.call<Me>('GET', '/api/me');
    await ada.post(await ada.call<Channel>('POST', '/api/direct', { people: [id] }), 'hello');
  }
  for (const one of [ada, grace, eve]) await one.page.goto('/channels');
  const rows = [grace, eve].map(({ page }) => shell(page).side.getByRole('link', { name: 'Ada' }));
  const says = async (en: string, zh: string, dot: string): Promise<void> => {
    for (const [index, row] of rows.entries()) {
      await expect(row).toHaveAccessibleName(new RegExp(index === 0 ? `, ${en}` : `，${zh}`));
      await expect(row.locator(`.dot.${dot}`)).toBeVisible();
    }
  };
  await says('online', '在线', 'here');
  for (const row of rows) await expect(row.locator('.dot.here')).not.toHaveCSS('background-color', 'rgba(0, 0, 0, 0)');
  await look(ada.page, true);
  await says('away', '离开', 'away');
  await look(ada.page, false);
  await says('online', '在线', 'here');

  // Invisible by choice, in the settings; their own page says so, in the language that they choose.
  await ada.page.goto('/settings');
  const { side } = shell(ada.page);
  const choice = ada.page.getByRole('switch', { name: /^(Invisible|隐身)$/ });
  await choice.check();
  await says('offline', '离线', 'offline');
  await expect(side.getByText('隐身', { exact: true })).toBeVisible();
  await ada.page.getByRole('radio', { name: 'English' }).check({ force: true });
  await expect(side.getByText('Invisible', { exact: true })).toBeVisible();
  await choice.uncheck();
  await says('online', '在线', 'here');

  // Whoever closes the page is gone some seconds later.
  await ada.page.close();
  await says('offline', '离线', 'offline');
});

test('who is typing stands above the composer until the message is there', async ({ person }) => {
  const ada = await person('Ada');
  const channel = await ada.createChannel('general');
  const grace = await person('Grace', { locale: 'zh-CN' });
  await grace.join(channel);
  for (const one of [ada, grace]) await one.page.goto('/channel/general');
  const line = grace.page.locator('.typing');
  await expect(line).toHaveText('');
  const box = ada.page.getByRole('textbox', { name: 'Message #general' });
  await expect(async () => {
    await box.press('a');
    await expect(line).toHaveText('Ada 正在输入', { timeout: 1_000 });
  }).toPass();
  await expect(line).toHaveAttribute('aria-live', 'off');
  await expect(ada.page.locator('.typing'), 'nobody sees themselves').toHaveText('');
  await box.press('Shift+Enter');
  await expect(chat(grace.page, ZH).rows).toHaveCount(1);
  await expect(line).toHaveText('');

  // Grace reads nothing of Ada any more: she does not see her typing either.
  await grace.call('PUT', `/api/people/${(await ada.call<Me>('GET', '/api/me')).id}/aside`, { kind: 'mute' });
  const other = await grace.context.newPage();
  await other.goto('/channel/general');
  await expect(other.getByRole('log')).toBeVisible();
  await box.press('b');
  await expect(line).toHaveText('');
});

test('the members of a channel stand by whether they are here', async ({ person, voice }) => {
  const ada = await person('Ada');
  const channel = await ada.createChannel('general');
  const grace = await person('Grace');
  const bob = await voice('Bob');
  for (const one of [grace, bob]) await one.join(channel);
  await grace.page.goto('/channels');
  await ada.page.goto('/channel/general');
  await ada.page.getByRole('button', { name: 'Channel options' }).click();
  await ada.page.getByRole('menuitem', { name: 'Details' }).click();
  const pane = ada.page.getByRole('complementary');
  const members = pane.getByRole('button', { name: /^Members/ });
  await expect(members).toHaveText(/3, 2 here/);
  await members.click();
  const section = (title: string) =>
    pane.locator('section').filter({ has: ada.page.getByRole('heading', { name: title }) });
  await expect(section('Here')).toContainText('Grace');
  await expect(section('Away')).toContainText('Bob');
  await expect(section('Away')).toContainText('Last here');
  await expect(section('Away').locator('.dot.offline')).toBeVisible();
  // A menu stays while its person goes; when it is closed they stand with the others.
  await pane.getByRole('button', { name: 'More for Grace' }).click();
  const out = ada.page.getByRole('menuitem', { name: 'Take out' });
  await expect(out).toBeVisible();
  await look(grace.page, true);
  await expect(section('Here')).toContainText('Away');
  await expect(out).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(section('Away')).toContainText('Grace');
  await look(grace.page, false);
  await expect(section('Here')).toContainText('Grace');
  // Without a connection it is hidden, and not frozen.
  ada.watch.announce(/ERR_INTERNET_DISCONNECTED|WebSocket connection to|ERR_CONNECTION/);
  await ada.context.setOffline(true);
  await expect(ada.page.locator('.dot')).toHaveCount(0);
  await ada.context.setOffline(false);
  await expect(section('Here')).toContainText('Grace');
});
