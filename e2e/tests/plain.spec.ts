/** Without any script: the pages that the server renders do everything that their origin did. */
// What stands in <noscript> is found by patterns only: Playwright skips that element when it looks for a plain string.
import type { Locator, Page } from '@playwright/test';
import { Person } from '../support/person';
import { expect, test } from '../support/test';

const PLAIN = { javaScriptEnabled: false };

test('sign in, make a channel, talk, delete and leave', async ({ visitor, person }) => {
  const rain = await person('小雨');
  const { page } = await visitor(PLAIN);
  await page.goto('/');
  await expect(page).toHaveURL(/\/login$/);
  await page.getByLabel('Display name').fill('Ada');
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(page).toHaveURL(/\/channels$/);
  await expect(page.getByText(/New username .*Ada.* created\./)).toBeVisible();
  await page.reload();
  await expect(page.getByText(/New username/)).toHaveCount(0);

  await page.locator('input[name=new_channel]').fill('tea & 茶');
  await page.getByRole('button', { name: /Create/ }).click();
  await expect(page.getByText(/The new channel .*tea & 茶.* has been created\./)).toBeVisible();
  await page.goto(Person.address('tea & 茶'));
  await page.locator('[name=msg]').fill('no script here 🍵');
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(page).toHaveURL(Person.address('tea & 茶'));
  await expect(page.getByText(/no script here 🍵/)).toBeVisible();

  await rain.open('tea & 茶');
  await expect(rain.page.getByRole('log')).toContainText('no script here 🍵');
  await rain.page.getByRole('main').locator('form').getByRole('textbox').fill('<b>seen</b>');
  await rain.page.keyboard.press('Shift+Enter');
  await expect(rain.page.getByRole('article').filter({ hasText: 'seen' })).toHaveAttribute('data-state', 'sent');
  await page.reload();
  await expect(page.getByText(/<b>seen<\/b>/)).toBeVisible();

  await expect(page.getByRole('button', { name: /^Delete/ })).toHaveCount(1);
  await page.getByRole('button', { name: /^Delete/ }).click();
  await expect(page.getByRole('heading', { name: /Delete this message/ })).toBeVisible();
  await expect(page.getByText(/no script here 🍵/)).toBeVisible();
  await page.getByRole('button', { name: /^Delete/ }).click();
  await expect(page).toHaveURL(Person.address('tea & 茶'));
  await expect(page.getByText(/no script here 🍵/)).toHaveCount(0);
  await expect(rain.page.getByText(/no script here 🍵/)).toHaveCount(0);

  await page
    .getByRole('button', { name: 'Log out' })
    .or(page.getByRole('link', { name: 'Log out' }))
    .click();
  // Without a password it is asked whether the browser is kept.
  await expect(page.getByText(/only this browser gets back in/)).toBeVisible();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText(/You have logged out\./)).toBeVisible();
});

test('another name', async ({ visitor, person }) => {
  const rain = await person('小雨');
  await rain.createChannel('general');
  await rain.open('general');
  const { page } = await visitor(PLAIN);
  await page.goto(Person.address('general'));
  await page.getByLabel('Display name').fill('Ada');
  await page.getByRole('button', { name: /^Join/ }).click();
  await page.locator('[name=msg]').fill('written before');
  await page.getByRole('button', { name: /^Send/ }).click();
  await expect(rain.page.getByRole('log')).toContainText('Ada');

  await page.goto('/channels');
  await page.getByRole('link', { name: /^Ada/ }).click();
  await expect(page).toHaveURL(/\/settings$/);
  await page.locator('[name=displayName]').fill('Countess');
  await page.getByRole('button', { name: /^Change name/ }).click();
  await expect(page.getByText(/Your name is .*Countess.* now\./)).toBeVisible();
  await expect(page.locator('[name=displayName]')).toHaveValue('Countess');
  await expect(rain.page.getByRole('log')).toContainText('Countess');
  await expect(rain.page.getByRole('log')).not.toContainText('Ada');
});

test('what is refused is said', async ({ visitor, person }) => {
  const ada = await person('Ada');
  await ada.createChannel('general');
  const { page, watch } = await visitor(PLAIN);
  watch.announce(/status of 4\d\d/);
  await page.goto('/login');
  await page.getByLabel('Display name').fill('ADA');
  await page.getByRole('button', { name: /^Join/ }).click();
  await expect(page.getByText(/That name is taken/)).toBeVisible();
  await page.getByLabel('Display name').fill('小雨');
  await page.getByRole('button', { name: /^Join/ }).click();
  await page.locator('input[name=new_channel]').fill('general');
  await page.getByRole('button', { name: /Create/ }).click();
  await expect(page.getByText(/Channel .*general.* already exists\./)).toBeVisible();
  await page.locator('input[name=new_channel]').fill('   ');
  await page.getByRole('button', { name: /Create/ }).click();
  await expect(page.getByText(/Channel name cannot be empty\./)).toBeVisible();
  expect((await page.goto('/channel/nowhere'))?.status()).toBe(404);
});

test('somebody who is not signed in is sent to the sign-in page and told so', async ({ visitor }) => {
  const { page } = await visitor(PLAIN);
  await page.goto('/channels');
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText(/You are not logged in\./)).toBeVisible();
});

test('the plain pages speak Chinese to a Chinese browser', async ({ visitor }) => {
  const { page, watch } = await visitor({ ...PLAIN, locale: 'zh-CN' });
  watch.announce(/status of 4\d\d/);
  await page.goto('/channels');
  await expect(page.getByText(/您(尚未|还没有|还未)登录/)).toBeVisible();
  await page.getByLabel('显示名称').fill('小雨');
  await page.getByRole('button', { name: /^加入/ }).click();
  await expect(page.getByText(/小雨.*已创建|已创建.*小雨/)).toBeVisible();
  await page.locator('input[name=new_channel]').fill('茶水间');
  await page.getByRole('button', { name: /创建/ }).click();
  await expect(page.getByText(/茶水间.*已创建|已创建.*茶水间/)).toBeVisible();
  await page.goto('/channels');
  await page.locator('input[name=new_channel]').fill('茶水间');
  await page.getByRole('button', { name: /创建/ }).click();
  await expect(page.getByText(/茶水间.*已存在/)).toBeVisible();
  await page.locator('input[name=new_channel]').fill('');
  await page.getByRole('button', { name: /创建/ }).click();
  await expect(page.getByText(/频道名称不能为空/)).toBeVisible();
  await page
    .getByRole('button', { name: '退出登录' })
    .or(page.getByRole('link', { name: '退出登录' }))
    .click();
  await page.getByRole('button', { name: '退出登录', exact: true }).click();
  await expect(page.getByText(/您已退出登录/)).toBeVisible();
});

test('a channel on its plain page: the newest 100, room for numbers, and faces with letters', async ({ visitor }) => {
  const ada = await visitor(PLAIN);
  await ada.signIn('ada');
  await test.step('a long channel has its newest 100 on its plain page', async () => {
    const general = await ada.createChannel('general');
    for (let number = 1; number <= 105; number += 1) await ada.post(general, `message ${number} of 105`);
    await ada.open(general);
    await expect(ada.page.getByText(/^message \d+ of 105$/)).toHaveCount(100);
    await expect(ada.page.getByText(/message 105 of 105/)).toBeVisible();
    await expect(ada.page.getByText(/^message 5 of 105$/)).toHaveCount(0);
  });
  await test.step('the numbers of a list have room for all of their digits', async () => {
    const general = await ada.createChannel('lists');
    for (const text of ['99. a\n100. b', '2025. a', '123456789. a']) await ada.post(general, text);
    await ada.open(general);
    // What a number takes is measured as text of the same font; a marker's own box cannot be asked for.
    const rooms = await ada.page.locator('ol.txt').evaluateAll((lists) =>
      (lists as HTMLOListElement[]).map((list) => {
        const number = document.createElement('span');
        number.textContent = `${list.start + list.children.length - 1}. `;
        number.style.whiteSpace = 'pre';
        list.firstElementChild?.append(number);
        const { width } = number.getBoundingClientRect();
        number.remove();
        return { room: parseFloat(getComputedStyle(list).paddingInlineStart), width };
      }),
    );
    expect(rooms).toHaveLength(3);
    for (const { room, width } of rooms) expect(room).toBeGreaterThanOrEqual(width);
  });
  await test.step('everybody’s face has its letter', async () => {
    const general = await ada.createChannel('faces');
    await ada.post(general, 'hello');
    await ada.open(general);
    const letters = ada.page.locator('.av').evaluateAll((faces) => faces.map((face) => face.textContent));
    expect(await letters).toEqual(['A', 'A']);
  });
});

test('the plain sign-in page and list look like the app, and fit a phone', async ({ visitor, person }) => {
  const rain = await person('小雨');
  await rain.page.setViewportSize({ width: 320, height: 640 });
  await rain.createChannel('general');
  /** The button's colours as painted (ground and text, in red, green, blue and opacity), and its corners in pixels. */
  const look = (button: Locator) =>
    button.evaluate((element) => {
      const style = getComputedStyle(element);
      const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const painted = [style.backgroundColor, style.color].flatMap((color) => {
        if (canvas === null) throw new Error('no canvas');
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
      });
      return [...painted, parseFloat(style.borderTopLeftRadius)];
    });
  const fits = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

  const { page } = await visitor({ ...PLAIN, viewport: { width: 320, height: 640 } });
  const { page: scripted } = await visitor();
  await scripted.goto('/login');
  await page.goto('/login');
  const join = { name: /^Join/ };
  const [plain, app] = [await look(page.getByRole('button', join)), await look(scripted.getByRole('button', join))];
  for (const [index, value] of plain.entries()) expect(Math.abs(value - (app[index] ?? NaN))).toBeLessThan(8);
  expect(await fits(page)).toBe(true);

  await page.getByLabel('Display name').fill('Ada');
  await page.getByRole('button', join).click();
  await expect(page.getByRole('link', { name: 'general' })).toBeVisible();
  expect(await fits(page)).toBe(true);
});

test('what is refused in a channel is said above its form', async ({ visitor }) => {
  const ada = await visitor(PLAIN);
  ada.watch.announce(/status of 4\d\d/);
  await ada.signIn('Ada');
  await ada.createChannel('tea & 茶');
  await ada.open('tea & 茶');
  await ada.page.locator('[name=msg]').fill('   ');
  await ada.page.getByRole('button', { name: /^Send/ }).click();
  await expect(ada.page.getByText(/There is nothing to send/)).toBeVisible();
  await expect(ada.page).toHaveURL(Person.address('tea & 茶'));
  await ada.page.locator('[name=msg]').fill('tea');
  await ada.page.getByRole('button', { name: /^Send/ }).click();
  await expect(ada.page.getByRole('listitem').filter({ hasText: /tea/ }).last()).toBeVisible();
});
