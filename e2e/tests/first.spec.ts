/** The first view: what the server draws of a channel before any script of the app is there. */
import type { BrowserContextOptions, Page } from '@playwright/test';
import { expect, test } from '../support/test';

/** The app's script; the view has a small one of its own. */
const SCRIPTS = /\/assets\/main-.*\.js$/;
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Where the newest message's text stands, and where its row ends. */
async function newest(page: Page): Promise<number[]> {
  const row = page.locator('[role=log] [data-number]').last();
  return row.evaluate((element) => {
    const text = element.querySelector('.txt')?.getBoundingClientRect();
    const log = element.closest('[role=log]')?.getBoundingClientRect();
    const { top, bottom } = element.getBoundingClientRect();
    return [text?.x ?? 0, text?.y ?? 0, text?.height ?? 0, top, bottom - (log?.bottom ?? 0)];
  });
}

const SCREENS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['Chinese', { locale: 'zh-CN' }],
  ['on a phone', PHONE],
  ['dark and Chinese on a phone', { ...PHONE, colorScheme: 'dark', locale: 'zh-CN' }],
];

for (const [looks, options] of SCREENS) {
  test(`shows the newest message where the app will, ${looks}`, async ({ person, voice }) => {
    const grace = await voice('Grace');
    const general = await grace.createChannel('general', 'Everything');
    for (let number = 1; number <= 15; number += 1) await grace.post(general, `Morning, ${number}`);
    const ada = await person('Ada', options);
    await ada.post(general, '早上好，大家好');
    await ada.post(general, 'the newest <b>one</b>\n\nof two paragraphs');
    const { page } = ada;
    // Without the app's script nothing but the server's own drawing is there.
    ada.watch.announce(/Failed to load resource|ERR_FAILED/);
    await page.route(SCRIPTS, (route) => route.abort());
    await ada.open(general);
    const last = page.getByRole('log').locator('[data-number]').last();
    await expect(last).toContainText('the newest <b>one</b>');
    await expect(last).toBeInViewport({ ratio: 1 });
    // What comes a frame later comes without any script: the rows above, and what stands around them.
    const early = page.getByRole('log').locator('[data-number="2"]');
    await expect.poll(() => early.evaluate((row) => row.checkVisibility())).toBe(true);
    const tools = page.locator('#first .bar-tools > .ib');
    await expect.poll(() => tools.evaluate((part) => part.checkVisibility())).toBe(true);
    await expect(last.locator('time')).toHaveText(/^\d\d:\d\d$/);
    await expect(page.getByRole('log')).toHaveAttribute('aria-busy', 'true');
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await expect(page.locator('#app')).toBeEmpty();
    const before = await newest(page);
    expect(Math.abs(before.at(-1) ?? 1), 'stands at the bottom').toBeLessThanOrEqual(1);

    await page.unroute(SCRIPTS);
    await page.reload();
    await expect(page.locator('#first')).toHaveCount(0);
    const after = await newest(page);
    for (const [index, value] of before.entries()) expect(Math.abs(value - (after[index] ?? 0))).toBeLessThanOrEqual(1);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(background);
  });
}

test('the first view gives way to the app without an empty frame', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  for (let number = 1; number <= 12; number += 1) await ada.post(general, `Morning, ${number}`);
  // Every frame from the first message on: how many rows are on top at the place of the newest message.
  await ada.page.addInitScript(() => {
    const frames: string[] = [];
    const look = (): void => {
      const seen = [...document.querySelectorAll('[role=log] [data-number]')].some((row) => {
        const { x, y, width, height } = row.getBoundingClientRect();
        return document
          .elementsFromPoint(x + width / 2, y + height / 2)
          .some((element) => row.contains(element) || element.closest('#first') !== null);
      });
      frames.push(document.querySelector('#first') === null ? (seen ? 'app' : 'nothing') : seen ? 'view' : 'early');
      if (frames.filter((frame) => frame === 'app').length < 20) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    Object.assign(globalThis, { frames });
  });
  await ada.open(general);
  const frames = await ada.page.waitForFunction(() => {
    const { frames } = globalThis as unknown as { frames: string[] };
    return frames.at(-1) === 'app' && frames;
  });
  const seen = (await frames.jsonValue()) as string[];
  const from = seen.indexOf('view');
  expect(from, 'the view was seen').toBeGreaterThanOrEqual(0);
  expect(seen.slice(from), seen.join(' ')).not.toContain('nothing');
});

test('a reader who scrolled up in the first view stays there when the app begins', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  for (let number = 1; number <= 60; number += 1) await ada.post(general, `Morning, ${number}`);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await ada.page.route(SCRIPTS, async (route) => {
    await held;
    await route.continue();
  });
  await ada.page.goto('/channel/general', { waitUntil: 'commit' });
  const old = ada.page.locator('#first [data-number="35"]');
  await old.evaluate((row) => row.scrollIntoView({ block: 'center' }));
  await expect(old).toBeInViewport();
  release();
  await expect(ada.page.locator('#first')).toHaveCount(0);
  await expect(ada.page.getByRole('log').locator('[data-number="35"]')).toBeInViewport();
});
