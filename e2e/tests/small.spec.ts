/** A phone, and the narrowest window there is. */
import type { BrowserContextOptions, Locator, Page } from '@playwright/test';
import { placed, textFile } from '../support/files';
import { doubleText, expectNoSidewaysScroll, overlaps } from '../support/layout';
import { chat, channels, deleteQuestion, shell, signIn } from '../support/screen';
import { setStage, PEOPLE } from '../support/stage';
import { expect, test } from '../support/test';

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};
const TABLET: BrowserContextOptions = { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true };
const DRAWER = /^Open channel list/;

test('on a phone the drawer, menus and dialogs open and close, and Enter is a line', async ({ person }) => {
  const ada = await person('Ada', PHONE);
  await test.step('the sidebar is a drawer that opens, leads on and closes', async () => {
    await ada.createChannel('one');
    const two = await ada.createChannel('two');
    await ada.post(two, 'in two');
    await ada.open('one');
    await expect(chat(ada.page).title).toContainText('one');
    const { side } = shell(ada.page);
    await expect(side).toBeHidden();
    await ada.page.getByRole('button', { name: DRAWER }).tap();
    await expect(side).toBeInViewport();
    await ada.page.keyboard.press('Escape');
    await expect(side).toBeHidden();
    await ada.page.getByRole('button', { name: DRAWER }).tap();
    await ada.page.touchscreen.tap(380, 500);
    await expect(side).toBeHidden();
    await ada.page.getByRole('button', { name: DRAWER }).tap();
    await side.getByRole('link', { name: 'two' }).tap();
    await expect(chat(ada.page).row('in two')).toBeVisible();
    await expect(side).toBeHidden();
  });
  await test.step('on touch Enter is a line, the button sends, and a message has its sheet', async () => {
    const general = await ada.createChannel('general');
    // Even where the account says that Enter sends.
    await ada.call('PATCH', '/api/me/settings', { enter_sends: true });
    await ada.open(general);
    const { box, send, enterSends, row, rows } = chat(ada.page);
    await expect(enterSends).toBeHidden();
    await box.tap();
    await box.pressSequentially('a');
    await box.press('Enter');
    await box.pressSequentially('b');
    await expect(box).toHaveValue('a\nb');
    await expect(rows).toHaveCount(0);
    await send.tap();
    await expect(row('a')).toHaveAttribute('data-state', 'sent');

    await row('a').locator('time').tap();
    await ada.page
      .getByRole('menu', { name: 'Message actions' })
      .getByRole('menuitem', { name: /^Delete/ })
      .tap();
    await deleteQuestion(ada.page).confirm.tap();
    await expect(row('b')).toHaveCount(0);
    await expect.poll(async () => (await ada.messages(general)).filter((message) => message.text !== '')).toEqual([]);
  });
  await test.step('on a phone menus come up from below, and close by a swipe and by a press beside them', async () => {
    await ada.open('general');
    const { page } = ada;
    const options = page.getByRole('button', { name: 'Channel options' });
    const menu = page.getByRole('menu', { name: 'Channel options' });
    await options.tap();
    await expectAtBottom(menu, 0);
    // The press closes the menu. It does not press what lies below.
    const box = await chat(page).log.boundingBox();
    await page.touchscreen.tap(195, (box?.y ?? 0) - 20);
    await expect(menu).toBeHidden();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await options.tap();
    await swipeDown(menu);
    await expect(menu).toBeHidden();
    await page.getByRole('button', { name: DRAWER }).tap();
    await shell(page).account.tap();
    await expectAtBottom(shell(page).menu, 0);
  });
  await test.step('on a phone dialogs stand at the bottom, and their buttons share the width', async () => {
    await ada.open('general');
    const { page } = ada;
    await page.getByRole('button', { name: 'Channel options' }).tap();
    await page.getByRole('menuitem', { name: 'Change the topic' }).tap();
    const dialog = page.getByRole('dialog');
    await expectAtBottom(dialog, 12);
    const widths = await dialog
      .locator('.dialog-f .btn')
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().width));
    const [inner] = await dialog.locator('.dialog-f').evaluateAll((foot) => foot.map((one) => one.clientWidth));
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeGreaterThan((inner ?? 0) - 16);
  });
  await test.step('the list of settings marks where it led to, and at the end the last section', async () => {
    await ada.page.goto('/settings');
    await ada.page.locator('.set-nav a[href="#devices"]').tap();
    await expect(ada.page.getByRole('heading', { name: 'Devices' })).toBeInViewport();
    await ada.page.waitForTimeout(300);
    await expect(ada.page.locator('.set-nav [aria-current]')).toHaveText('Devices');
    await expect(ada.page.locator('.set-nav [aria-current]')).toBeInViewport({ ratio: 0.9 });
    await ada.page.locator('.set-nav a[href="#profile"]').tap();
    await expect(ada.page.locator('.set-nav [aria-current]')).toHaveText('Profile');
    await ada.page.keyboard.press('Tab');
    await ada.page.locator('.page').evaluate((page) => page.scrollTo(0, page.scrollHeight));
    await expect(ada.page.locator('.set-nav a').last()).toHaveAttribute('aria-current', 'true');
  });
});

test('the menu of the account is as high as the window at most, and gives the focus back', async ({ person }) => {
  const ada = await person('Ada', { ...PHONE, viewport: { width: 740, height: 320 } });
  await ada.createChannel('one');
  await ada.open('one');
  await ada.page.getByRole('button', { name: DRAWER }).tap();
  await shell(ada.page).account.press('Enter');
  await expect(ada.page.getByRole('menuitem').first()).toBeFocused();
  await expect(ada.page.getByRole('menuitem').first()).toBeInViewport({ ratio: 1 });
  await ada.page.keyboard.press('Escape');
  await expect(shell(ada.page).account).toBeFocused();
});

for (const [name, options] of [
  ['phone', PHONE],
  ['tablet', TABLET],
] as const) {
  test(`what can be touched is large enough on a ${name}, and hides nothing else`, async ({ person, voice }) => {
    const ada = await person('Ada', options);
    const rain = await voice('小雨');
    const general = await ada.createChannel('general');
    await rain.join(general);
    await rain.post(general, `${'much of it. '.repeat(800)}`);
    await rain.post(general, '```\ncode\n```');
    await ada.post(general, 'mine', [await ada.upload(textFile('words.txt', 'words'))]);
    await rain.post(general, '@Ada #general');
    const { page } = ada;
    await ada.open(general);
    await expect(chat(page).send).toBeVisible();
    await page.setInputFiles('input[type=file]', placed('where.jpg'));
    await expect(page.getByRole('checkbox')).toBeVisible();
    await expect.poll(() => tooSmall(page)).toEqual([]);
    // Right under the name of its author, whose reach is larger than what is seen of it.
    const links = chat(page).row('@Ada').locator('.txt :is(.at, a)');
    await expect(links).toHaveText(['@Ada', '#general']);
    for (const link of await links.all()) {
      await link.evaluate((element) => element.scrollIntoView({ block: 'center' }));
      await expect.poll(() => link.evaluate(isHitAtItsTop)).toBe(true);
    }
    await page.getByRole('button', { name: 'Channel options' }).tap();
    await expect.poll(() => tooSmall(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // The menu's step of the history is taken back before the page is left.
    await page.waitForFunction(() => Reflect.get(Object(history.state), 'layers') === undefined);
    for (const address of ['/channels', '/settings']) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 }).locator('visible=true')).toHaveCount(1);
      await expect.poll(() => tooSmall(page)).toEqual([]);
    }
    if (name === 'phone') await page.getByRole('button', { name: DRAWER }).tap();
    await shell(page).account.tap();
    await expect(shell(page).logOut).toBeVisible();
    await expect.poll(() => tooSmall(page)).toEqual([]);
  });
}

test('on a tablet nothing tells of keys', async ({ person }) => {
  const ada = await person('Ada', TABLET);
  const general = await ada.createChannel('general');
  await ada.open(general);
  const { page } = ada;
  await expect(chat(page).send).toHaveText('Send');
  await expect(chat(page).enterSends).toBeHidden();
  const [send, tools] = await Promise.all([chat(page).send.boundingBox(), page.locator('.c-tools').boundingBox()]);
  expect((send?.x ?? 0) + (send?.width ?? 0)).toBeGreaterThan((tools?.x ?? 0) + (tools?.width ?? 0) - 16);
  await expect(page.locator('kbd:visible')).toHaveCount(0);
  await shell(page).account.tap();
  await expect(shell(page).logOut).toBeVisible();
  await expect(page.locator('kbd:visible')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await shell(page).side.getByRole('button', { name: 'Search or jump to' }).tap();
  await expect(shell(page).switcher).toBeVisible();
  await expect(page.locator('kbd:visible')).toHaveCount(0);
});

test('no page scrolls sideways on a phone and in the narrowest window', async ({ person, visitor, voice }) => {
  const [stranger, lead] = [await visitor(), await person(PEOPLE[0])];
  lead.watch.announce(/status of 404/);
  const ferry = await setStage(voice, lead);
  await lead.post(ferry, `https://a.example/${'x'.repeat(300)}`);
  for (const width of [390, 320]) {
    for (const { page } of [stranger, lead]) await page.setViewportSize({ width, height: 640 });
    await stranger.page.goto('/login');
    await expect(signIn(stranger.page).join).toBeVisible();
    await expectNoSidewaysScroll(stranger.page);

    await lead.open(ferry);
    await expect(chat(lead.page).row('a.example')).toBeInViewport();
    await expectNoSidewaysScroll(lead.page);
    await expect(chat(lead.page).send).toBeInViewport();
    await lead.page.goto('/channels');
    await expect(channels(lead.page).heading).toBeVisible();
    await expectNoSidewaysScroll(lead.page);
    await lead.page.goto('/settings');
    await expect(lead.page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
    await expectNoSidewaysScroll(lead.page);
    await lead.page.goto('/channel/nowhere');
    await expect(lead.page.getByRole('main')).toContainText('nowhere');
    await expectNoSidewaysScroll(lead.page);
  }
});

test('text of twice the size overlaps nowhere, on any page and in the list of keys', async ({ person, voice }) => {
  const lead = await person(PEOPLE[0]);
  const { page } = lead;
  const ferry = await setStage(voice, lead);
  for (const width of [390, 1440]) {
    await test.step(`${width} px`, async () => {
      await page.setViewportSize({ width, height: 844 });
      await lead.open(ferry);
      await expect(chat(page).row('glossary').last()).toBeInViewport();
      await doubleText(page);
      await expectNoSidewaysScroll(page);
      await expect(chat(page).send).toBeInViewport({ ratio: 1 });
      await expect(chat(page).row('glossary').last()).toBeInViewport();
      for (const [address, heading] of [
        ['/settings', 'Settings'],
        ['/channels', 'Channels'],
      ] as const) {
        await page.goto(address);
        await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
        await doubleText(page);
        await expectNoSidewaysScroll(page);
        expect(await overlaps(page.getByRole('main'))).toEqual([]);
      }
      await page.keyboard.press('?');
      const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      // It opens at its beginning.
      await expect(dialog.getByRole('button', { name: 'Close' })).toBeFocused();
      await expect(dialog.getByText('Everywhere')).toBeInViewport({ ratio: 1 });
      await expectNoSidewaysScroll(page);
      expect(await dialog.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
      expect(await overlaps(dialog)).toEqual([]);
      await dialog.getByText('New line').scrollIntoViewIfNeeded();
      await expect(dialog.getByText('New line')).toBeInViewport({ ratio: 1 });
    });
  }
});

/** Whether what lies at the upper edge of an element is the element. */
function isHitAtItsTop(element: Element): boolean {
  const { left, width, top } = element.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + 2) === element;
}

/** What a finger hits on less than 44 px, links in the middle of a text aside. */
async function tooSmall(page: Page): Promise<readonly string[]> {
  return page.locator('button, a[href], label:has(input, select), select, input').evaluateAll((parts) =>
    parts
      .filter((part) => part.checkVisibility({ visibilityProperty: true }) && part.getClientRects().length > 0)
      .filter((part) => part.closest('.txt, .first, .skip, p, [aria-hidden=true]') === null)
      .filter((part) => !(part.matches('input, select') && part.closest('label') !== null))
      .map((part) => {
        const heights = ['::before', '::after'].map((mark) => parseFloat(getComputedStyle(part, mark).height) || 0);
        const within = [...part.querySelectorAll('input')].map((field) => field.getBoundingClientRect().height);
        return { part, reach: Math.max(part.getBoundingClientRect().height, ...heights, ...within) };
      })
      .filter(({ reach }) => reach < 43.9)
      .map(({ part, reach }) => `${reach.toFixed(0)} px: ${part.outerHTML.slice(0, 160)}`),
  );
}

async function expectAtBottom(layer: Locator, margin: number): Promise<void> {
  await expect(layer).toBeVisible();
  const bottom = await layer.evaluate((box) => innerHeight - box.getBoundingClientRect().bottom);
  expect(bottom).toBeCloseTo(margin, 0);
}

async function swipeDown(sheet: Locator): Promise<void> {
  const box = await sheet.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 40, (box?.y ?? 0) + 20];
  const client = await sheet.page().context().newCDPSession(sheet.page());
  for (const [type, touchPoints] of [
    ['touchStart', [{ x, y }]],
    ['touchMove', [{ x, y: y + 60 }]],
    ['touchEnd', []],
  ] as const)
    await client.send('Input.dispatchTouchEvent', { type, touchPoints: [...touchPoints] });
}
