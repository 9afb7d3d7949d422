/** A phone, and the narrowest window there is. */
import type { BrowserContextOptions } from '@playwright/test';
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
const DRAWER = /^Open channel list/;

test('the sidebar is a drawer that opens, leads on and closes', async ({ person }) => {
  const ada = await person('Ada', PHONE);
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

test('the menu of the account is as high as the window at most, and gives the focus back', async ({ person }) => {
  const ada = await person('Ada', { ...PHONE, viewport: { width: 740, height: 320 } });
  await ada.createChannel('one');
  await ada.open('one');
  await ada.page.getByRole('button', { name: DRAWER }).tap();
  await shell(ada.page).account.press('Enter');
  await expect(ada.page.getByRole('menuitem', { name: /^Settings/ })).toBeFocused();
  await expect(ada.page.getByRole('menuitem', { name: /^Settings/ })).toBeInViewport({ ratio: 1 });
  await ada.page.keyboard.press('Escape');
  await expect(shell(ada.page).account).toBeFocused();
});

test('the list of settings marks where it led to, and at the end the last section', async ({ person }) => {
  const ada = await person('Ada', PHONE);
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

test('on touch Enter is a line, the button sends, and a message has its sheet', async ({ person }) => {
  const ada = await person('Ada', PHONE);
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

test('what can be touched is large enough', async ({ person }) => {
  const ada = await person('Ada', PHONE);
  const general = await ada.createChannel('general');
  await ada.open(general);
  await expect(chat(ada.page).send).toBeVisible();
  const small = await ada.page.getByRole('button').evaluateAll((buttons) =>
    buttons
      .filter((button) => button.checkVisibility())
      .map((button) => {
        const box = button.getBoundingClientRect();
        const grown = getComputedStyle(button, '::before');
        const hit = getComputedStyle(button, '::after');
        const reach = Math.max(parseFloat(grown.height) || 0, parseFloat(hit.height) || 0, box.height);
        return {
          name: button.getAttribute('aria-label') ?? button.textContent,
          reach,
        };
      })
      .filter(({ reach }) => reach < 44),
  );
  expect(small).toEqual([]);
});

for (const width of [390, 320]) {
  test(`no page scrolls sideways at ${width} px`, async ({ person, visitor, voice }) => {
    const viewport = { viewport: { width, height: 640 } };
    const stranger = await visitor(viewport);
    await stranger.page.goto('/login');
    await expect(signIn(stranger.page).join).toBeVisible();
    await expectNoSidewaysScroll(stranger.page);

    const lead = await person(PEOPLE[0], viewport);
    lead.watch.announce(/status of 404/);
    const ferry = await setStage(voice, lead);
    await lead.post(ferry, `https://a.example/${'x'.repeat(300)}`);
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
  });
}

for (const width of [390, 1440]) {
  test(`text of twice the size overlaps nowhere at ${width} px`, async ({ person, voice }) => {
    const lead = await person(PEOPLE[0], { viewport: { width, height: 844 } });
    const { page } = lead;
    const ferry = await setStage(voice, lead);
    await lead.open(ferry);
    await expect(chat(page).row('glossary').last()).toBeInViewport();
    await doubleText(page);
    await expectNoSidewaysScroll(page);
    await expect(chat(page).send).toBeInViewport({ ratio: 1 });
    await expect(chat(page).row('glossary').last()).toBeInViewport();
    for (const [address, heading] of [
      ['/channels', 'Channels'],
      ['/settings', 'Settings'],
    ] as const) {
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
      await doubleText(page);
      await expectNoSidewaysScroll(page);
      expect(await overlaps(page.getByRole('main'))).toEqual([]);
    }
  });
}
