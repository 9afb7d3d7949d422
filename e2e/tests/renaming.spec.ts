/** Taking another name: whoever looks on sees it at once, in all that was written before, and also after an event was lost. */
import type { Page } from '@playwright/test';
import { holdAlerts } from '../support/alerts';
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

/** The form in the settings. */
function profile(page: Page) {
  const form = page.locator('#profile');
  return {
    name: form.getByRole('textbox', { name: /^Display name$|^显示名称$/ }),
    save: form.getByRole('button', { name: /^Save changes$|^保存更改$/ }),
    problem: form.getByRole('alert'),
  };
}

/** Loses the next event of that name on the page's way. Returns whether one was lost. */
async function loseNext(page: Page, event: string): Promise<() => boolean> {
  let lost = false;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!lost && message.toString().includes(`["${event}"`)) lost = true;
      else socket.send(message);
    });
  });
  return () => lost;
}

test('a new name shows on the screens of others while they look', async ({ person }) => {
  const [ada, rain] = [await person('Ada'), await person('小雨')];
  ada.watch.announce(/status of 4(09|22)/);
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'before');
  await rain.open(general);
  const written = chat(rain.page).row('before');
  await expect(written).toContainText('Ada');

  await holdAlerts(ada.page);
  await ada.page.goto('/settings');
  const { name, save, problem } = profile(ada.page);
  await expect(name).toHaveValue('Ada');
  // What is refused is said at the field, which has the focus.
  await name.fill('小雨');
  await save.click();
  await expect(problem).toHaveText('That name is taken. Choose another.');
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.fill('Countess');
  await expect(problem).toBeHidden();
  await name.press('Enter');
  await expect(shell(ada.page).flash('You are now Countess.')).toBeVisible();
  await expect(shell(ada.page).account).toContainText('Countess');
  await expect(name).toHaveValue('Countess');

  await expect(written).toContainText('Countess');
  await expect(written).not.toContainText('Ada');
  await rain.page.getByRole('button', { name: /members/ }).click();
  const members = rain.page.getByRole('complementary', { name: /^Members/ });
  await expect(members).toContainText('Countess');
  // It is as true while the list is open.
  await ada.rename('Ada Lovelace');
  await expect(members).toContainText('Ada Lovelace');
  await rain.page.keyboard.press('Escape');
  await ada.post(general, 'after');
  await expect(chat(rain.page).row('after')).toBeVisible();
  await expect(written).toContainText('Ada Lovelace');
  await rain.page.goto('/channels');
  await expect(rain.page.getByText('Ada Lovelace')).toBeVisible();
  await expect(name).toHaveValue('Ada Lovelace');
});

test('a name whose event was lost is right with the next one', async ({ person, voice }) => {
  const [rain, ada] = [await person('小雨'), await voice('Ada')];
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'before');
  const lost = await loseNext(rain.page, 'person');
  await rain.open(general);
  const written = chat(rain.page).row('before');
  await expect(written).toContainText('Ada');
  // An event that comes later than the loss: the line is open.
  await ada.post(general, 'heard');
  await expect(chat(rain.page).row('heard')).toBeVisible();
  await ada.rename('Countess');
  await expect.poll(lost).toBe(true);
  await expect(written).toContainText('Ada');
  await voice('Grace');
  await expect(written).toContainText('Countess');
});

test('the form for a name works in Chinese and on a phone', async ({ person }) => {
  const ada = await person('小雨', { locale: 'zh-CN', viewport: { width: 320, height: 640 } });
  ada.watch.announce(/status of 422/);
  await holdAlerts(ada.page);
  await ada.page.goto('/settings');
  const { name, save, problem } = profile(ada.page);
  await name.fill('');
  await save.click();
  await expect(problem).toHaveText('显示名称不能为空。');
  await name.fill('大雨');
  await save.click();
  await expect(shell(ada.page).flash('您现在的名称是 大雨。')).toBeVisible();
  const width = await ada.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(320);
});
