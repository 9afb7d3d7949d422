/** What lies over a page on a phone: fingers open it, and Back closes it before it leaves the page. */
import type { BrowserContextOptions, Page } from '@playwright/test';
import { picture } from '../support/files';
import type { Person } from '../support/person';
import { channels, chat, deleteQuestion, shell } from '../support/screen';
import { expect, test } from '../support/test';

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};
const DRAWER = /^Open channel list/;

/** The list of channels, and from there a channel with a message. */
async function inChannel(ada: Person): Promise<void> {
  const general = await ada.createChannel('general');
  await ada.post(general, 'hold me', [await ada.upload(picture('pier.png', 400, 300))]);
  await ada.page.goto('/channels');
  await channels(ada.page).row('general').getByRole('link').first().tap();
  await expect(chat(ada.page).row('hold me')).toBeVisible();
}

test('fingers: a long press keeps its sheet, a swipe opens and closes the drawer, and a channel replaces it', async ({
  person,
}) => {
  const ada = await person('Ada', PHONE);
  const { page } = ada;
  await inChannel(ada);
  await test.step('the sheet of a long press stays when the finger lifts', async () => {
    const { menu, finger } = await longPress(ada.page, 'hold me');
    await finger.lift();
    // Whatever the browser makes of the lifted finger, it makes before the next frame.
    await frames(ada.page);
    await expect(menu).toBeVisible();
    await expect(menu.getByRole('menuitemcheckbox').first()).toBeFocused();
    // Beside it: closed.
    await ada.page.touchscreen.tap(200, 60);
    await expect(menu).toBeHidden();
    const again = await longPress(ada.page, 'hold me');
    await again.finger.lift();
    await again.menu.getByRole('menuitem', { name: 'Quote' }).tap();
    await expect(ada.page.locator('.c-quote')).toContainText('hold me');
    await expect(chat(ada.page).box).toHaveValue('');
  });
  await test.step('a swipe from the edge opens the drawer, and one to the left closes it', async () => {
    await swipe(page, { from: 4, to: 220 });
    await expect(shell(page).side).toBeInViewport();
    await expect(page).toHaveURL(/\/channel\/general$/);
    await swipe(page, { from: 250, to: 20 });
    await expect(shell(page).side).toBeHidden();
    await expect(page).toHaveURL(/\/channel\/general$/);
  });
  await test.step('a channel chosen in the drawer replaces the drawer’s step of the history', async () => {
    const two = await ada.createChannel('two');
    await ada.post(two, 'in two');
    await page.getByRole('button', { name: DRAWER }).tap();
    await shell(page).side.getByRole('link', { name: 'two' }).tap();
    await expect(chat(page).row('in two')).toBeVisible();
    await expect(page).toHaveURL(/\/channel\/two$/);
    await page.evaluate(() => history.back());
    await expect(chat(page).row('hold me')).toBeVisible();
    await expect(page).toHaveURL(/\/channel\/general$/);
    await expect(shell(page).side).toBeHidden();
  });
});

test('Back closes sheet, dialog, picture, drawer and menu before it leaves the channel', async ({ person }) => {
  const ada = await person('Ada', PHONE);
  const { page } = ada;
  await inChannel(ada);
  const back = (): Promise<void> => page.evaluate(() => history.back());

  const { menu, finger } = await longPress(page, 'hold me');
  await finger.lift();
  await back();
  await expect(menu).toBeHidden();

  // A dialog takes over from the sheet that led to it.
  const sheet = await longPress(page, 'hold me');
  await sheet.finger.lift();
  await sheet.menu.getByRole('menuitem', { name: /^Delete/ }).tap();
  await expect(deleteQuestion(page).dialog).toBeVisible();
  await back();
  await expect(deleteQuestion(page).dialog).toBeHidden();
  await expect(sheet.menu).toBeHidden();

  await page.getByRole('button', { name: 'Open pier.png large' }).tap();
  const large = page.getByRole('dialog', { name: 'Picture: pier.png' });
  await expect(large).toBeVisible();
  await back();
  await expect(large).toBeHidden();

  await page.getByRole('button', { name: DRAWER }).tap();
  await expect(shell(page).side).toBeInViewport();
  await shell(page).account.tap();
  await expect(shell(page).menu).toBeVisible();
  await back();
  await expect(shell(page).menu).toBeHidden();
  await expect(shell(page).side).toBeInViewport();
  await back();
  await expect(shell(page).side).toBeHidden();
  await expect(page).toHaveURL(/\/channel\/general$/);

  // What is closed otherwise leaves no step behind.
  await page.getByRole('button', { name: DRAWER }).tap();
  // Beside it, and beside the messages, on which a slow finger would rest.
  await page.touchscreen.tap(380, 842);
  await expect(shell(page).side).toBeHidden();
  await page.waitForFunction(() => history.state === null);
  await back();
  await expect(channels(page).heading).toBeAttached();
  await expect(page).toHaveURL(/\/channels$/);
});

test('Back on a large screen closes a dialog too', async ({ person }) => {
  const ada = await person('Ada');
  await ada.createChannel('general');
  await ada.open('general');
  await expect(chat(ada.page).box).toBeFocused();
  await ada.page.keyboard.press('Control+k');
  await expect(shell(ada.page).switcher).toBeVisible();
  await frames(ada.page);
  await ada.page.evaluate(() => history.back());
  await expect(shell(ada.page).switcher).toBeHidden();
  await expect(ada.page).toHaveURL(/\/channel\/general$/);
});

/** A finger that rests on a message until its sheet is there. */
async function longPress(page: Page, text: string) {
  const box = await chat(page).row(text).locator('.txt').boundingBox();
  if (box === null) throw new Error(`${text} is not in view`);
  const touch = await page.context().newCDPSession(page);
  const at = { x: box.x + 10, y: box.y + box.height / 2 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  const menu = page.getByRole('menu', { name: 'Message actions' });
  await expect(menu).toBeVisible();
  const lift = () => touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  return { menu, finger: { lift } };
}

async function swipe(page: Page, { from, to }: { from: number; to: number }): Promise<void> {
  const touch = await page.context().newCDPSession(page);
  const send = (type: 'touchStart' | 'touchMove', x: number) =>
    touch.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y: 400 }] });
  await send('touchStart', from);
  const STEPS = 8;
  for (let step = 1; step <= STEPS; step += 1) await send('touchMove', from + ((to - from) * step) / STEPS);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

/** What was begun is drawn, and the history has its steps. */
async function frames(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 3; i += 1) await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  });
}
