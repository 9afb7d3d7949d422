/** A message of any age by its address: in its context, marked, with the way back; and read marks that somebody sets by hand. */
import type { Locator, Page } from '@playwright/test';
import { fractionInView, turnWheel } from '../support/layout';
import { chat, newBar, shell } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel, Voice } from '../support/voice';

const MESSAGES = 320;

/** What the sidebar counts as unread. */
const unread = (page: Page): Locator => shell(page).side.getByText(/unread$/);

test('an old message opens in the middle of its context, marked; ways and links lead on, and back to now', async ({
  person,
  voice,
  server,
}) => {
  const rain = await voice('小雨');
  const general = await filled(rain);
  const ada = await person('Ada');
  await ada.join(general);
  const { page } = ada;
  const painted: string[] = [];
  await page.exposeFunction('paintedRow', (number: string) => painted.push(number));
  await page.addInitScript(() => {
    const tell = Reflect.get(window, 'paintedRow') as (number: string) => void;
    const seen = new Set<string>();
    const look = (): void => {
      for (const row of document.querySelectorAll<HTMLElement>('[data-number]')) {
        const { number = '' } = row.dataset;
        if (!seen.has(number) && row.checkVisibility()) tell(number);
        seen.add(number);
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto('/channel/general/120');
  await expectFound(page, 120);
  await expect(chat(page).number(120)).toBeFocused();
  expect(painted.map(Number).filter((number) => number > 200)).toEqual([]);
  await rain.post(general, 'news');
  await expect(unread(page)).toHaveText('1 unread');

  await scrollUntil(page, 40, -700);
  await scrollUntil(page, 250, 700);
  await expect(backToNow(page)).toHaveText(/1 new message/);
  await backToNow(page).click();
  await expect(chat(page).row('news')).toBeInViewport();
  await expect(page).toHaveURL(/\/channel\/general$/);
  await expect(backToNow(page)).toBeHidden();

  // A link in a message leads to another one in the same tab, and Back to where one was.
  const tea = await rain.createChannel('tea');
  await rain.post(tea, `look at ${server.origin}/channel/general/100`);
  await rain.post(general, `or at ${server.origin}/channel/general/30`);
  await ada.join(tea);
  await ada.open(tea);
  const loaded = await page.evaluate(() => performance.timeOrigin);
  await chat(page).row('look at').getByRole('link').click();
  await expectFound(page, 100);
  await page.goBack();
  await expect(chat(page).row('look at')).toBeInViewport();

  await ada.open(general);
  await expect(chat(page).row('or at')).toBeInViewport();
  await turnWheel(chat(page).log, -120);
  // The place is known once a frame was drawn there.
  await chat(page).row('or at').scrollIntoViewIfNeeded();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await chat(page).row('or at').getByRole('link').click();
  await expectFound(page, 30);
  await page.goBack();
  await expect(chat(page).row('or at')).toBeInViewport();
  await expect(page).toHaveURL(/\/channel\/general$/);
  await page.goForward();
  await expectFound(page, 30);
  expect(await page.evaluate(() => performance.timeOrigin)).toBeGreaterThan(loaded);
});

test('whoever is signed out signs in, and is there, with script and without', async ({ visitor, voice }) => {
  const rain = await voice('小雨');
  await filled(rain);
  const { page } = await visitor();
  await page.goto('/channel/general/77');
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel('Display name').fill('Grace');
  await page.getByRole('button', { name: /^Join/ }).click();
  await expectFound(page, 77);
  await expect(page).toHaveURL(/\/channel\/general\/77$/);

  // Without script the page shows it too, and leads on.
  const { page: plain } = await visitor({ javaScriptEnabled: false });
  await plain.goto('/channel/general/120');
  await plain.getByLabel(/Display name/).fill('Ada');
  await plain.getByRole('button', { name: /^Join/ }).click();
  await expect(plain).toHaveURL(/\/channel\/general\/120$/);
  await expect(plain.locator('[aria-current=true]')).toContainText(/message 120 of/);
  await expect(plain.locator('[aria-current=true]')).toBeInViewport();
  await plain.getByRole('link', { name: /^Older messages/ }).click();
  await expect(plain.locator('[aria-current=true]')).toContainText(/message 70 of/);
  await plain.getByRole('link', { name: /^Newer messages/ }).click();
  await expect(plain.locator('[aria-current=true]')).toContainText(/message 119 of/);
  await plain.getByRole('link', { name: /^Back to the newest/ }).click();
  await expect(plain).toHaveURL(/\/channel\/general$/);
  await expect(plain.getByText(/message 320 of/)).toBeInViewport();
  await expect(plain.getByRole('link', { name: /^Older messages/ })).toHaveCount(1);
});

test('what is deleted is shown as that, what was cleared or may not be seen leads nowhere', async ({
  person,
  voice,
  server,
}) => {
  const rain = await voice('小雨');
  const general = await filled(rain, 60);
  await rain.call('DELETE', `/api/channels/${general.id}/messages/20`);
  const hidden = await rain.call<Channel>('POST', '/api/channels', { name: 'hidden', topic: '', kind: 'private' });
  await rain.post(hidden, 'secret');
  const ada = await person('Ada');
  ada.watch.announce(/status of 404/);
  const { page } = ada;
  await page.goto('/channel/general/20');
  await expectFound(page, 20);
  await expect(chat(page).number(20)).toContainText('deleted a message');

  for (const address of ['/channel/general/9999', `/c/${hidden.id}/1`]) {
    const answer = await page.goto(address);
    expect(answer?.status(), address).toBe(404);
    await expect(page.getByRole('heading', { name: 'There is no message at this address' })).toBeVisible();
  }
  // The same within the app, where no page is loaded anew.
  await rain.post(general, `gone: ${server.origin}/channel/general/9999 and ${server.origin}/c/${hidden.id}/1`);
  for (const which of [0, 1]) {
    await ada.open(general);
    await chat(page).row('gone:').getByRole('link').nth(which).click();
    await expect(page.getByRole('heading', { name: 'There is no message at this address' })).toBeVisible();
  }
  await expect(page.getByText('secret')).toHaveCount(0);

  await rain.call('DELETE', `/api/channels/${general.id}/messages?through=30`);
  await page.goto('/channel/general/20');
  await expect(shell(page).flash('That message is no longer kept.')).toBeVisible();
  await expect(chat(page).row('message 60 of')).toBeAttached();
});

test('a private message by its address, on a phone, in Chinese', async ({ person, voice }) => {
  const rain = await voice('小雨');
  const ada = await person('Ada', {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    locale: 'zh-CN',
  });
  const { id } = await ada.call<{ id: number }>('GET', '/api/me');
  const talk = await rain.call<Channel>('POST', '/api/direct', { people: [id] });
  for (let number = 1; number <= 200; number += 1) await rain.post(talk, `第 ${number} 条`);
  const { page } = ada;
  await page.goto(`/c/${talk.id}/90`);
  await expectFound(page, 90);
  await page.getByRole('button', { name: '回到最新' }).tap();
  await expect(chat(page).row('第 200 条')).toBeInViewport();
  await expect(page).toHaveURL(new RegExp(`/c/${talk.id}$`));
});

test('text and link are copied, and a message is unread again, by the keyboard alone', async ({
  person,
  voice,
  server,
}) => {
  const rain = await voice('小雨');
  const general = await filled(rain, 30);
  const ada = await person('Ada', { permissions: ['clipboard-read', 'clipboard-write'] });
  const tea = await ada.createChannel('tea');
  await ada.join(general);
  const { page } = ada;
  await page.goto('/channel/general/25');
  await expect(chat(page).number(25)).toBeFocused();
  await pressUntil(page, 'l', shell(page).flash('Copied.'));
  expect(await copied(page)).toBe(`${server.origin}/channel/general/25`);
  await page.keyboard.press('c');
  await expect.poll(() => copied(page)).toBe('message 25 of 30');
  // The menu stands beside the message also where the browser tells its size late, as in a tab that nobody looks at.
  const late = await page.evaluateHandle(() => {
    const { observe } = ResizeObserver.prototype;
    ResizeObserver.prototype.observe = () => undefined;
    return observe;
  });
  await page.keyboard.press('Enter');
  const items = page.getByRole('menuitem');
  await expect(items.filter({ hasText: 'Mark unread from here' })).toBeVisible();
  await expect(page.locator('.near:popover-open')).toHaveAttribute('style', /--top: [1-9]/);
  await page.evaluate((observe) => void (ResizeObserver.prototype.observe = observe), late);
  const order = (await items.allInnerTexts()).map((text) => text.replace(/\s*\n.*/s, ''));
  expect(order.filter((text) => /Copy|Mark/.test(text))).toEqual(['Copy text', 'Copy link', 'Mark unread from here']);
  await items.filter({ hasText: 'Mark unread from here' }).press('Enter');
  await expect(page.getByText(/^New since/)).toBeVisible();
  await expect(rowBelowLine(page)).toHaveAttribute('data-number', '25');
  await expect(unread(page)).toHaveText('6 unread');
  const mark = (): Promise<number> =>
    ada.call<{ read_number: number }>('GET', `/api/channels/${general.id}`).then(({ read_number }) => read_number);
  await expect.poll(mark).toBe(24);
  // It stays so for whoever comes back.
  await ada.open(tea);
  await expect(unread(page)).toHaveText('6 unread');
  await page.keyboard.press('Shift+Escape');
  await expect(unread(page)).toHaveCount(0);
  await expect(shell(page).flash('All is read.')).toBeVisible();
  await expect
    .poll(async () => (await ada.call<{ unread: number }>('GET', `/api/channels/${general.id}`)).unread)
    .toBe(0);
});

test('a message is unread again without a connection, and everything is read', async ({ person, voice }) => {
  const rain = await voice('小雨');
  const general = await filled(rain, 30);
  const ada = await person('Ada');
  ada.watch.announce(/ERR_INTERNET_DISCONNECTED/);
  await ada.join(general);
  const { page } = ada;
  await page.goto('/channel/general');
  await expect(chat(page).row('message 30 of')).toBeInViewport();
  await chat(page).row('message 28 of').focus();
  await page.context().setOffline(true);
  await pressUntil(page, 'u', page.getByText(/^New since/));
  await expect(rowBelowLine(page)).toHaveAttribute('data-number', '28');
  await expect(unread(page)).toHaveText('3 unread');
  await page.context().setOffline(false);
  const mark = (): Promise<number> =>
    ada.call<{ read_number: number }>('GET', `/api/channels/${general.id}`).then(({ read_number }) => read_number);
  await expect.poll(mark).toBe(27);
  await shell(page).account.click();
  await page.getByRole('menuitem', { name: 'Mark all read' }).click();
  await expect.poll(mark).toBeGreaterThanOrEqual(30);
});

test('the first unread one is found however far it is, and Back leads to where one was', async ({ person, voice }) => {
  const rain = await voice('小雨');
  const general = await rain.createChannel('general');
  const ada = await person('Ada');
  await ada.join(general);
  for (let number = 1; number <= MESSAGES; number += 1) await rain.post(general, `message ${number} of ${MESSAGES}`);
  const { page } = ada;
  await ada.open(general);
  await expect(chat(page).row(`message ${MESSAGES} of`)).toBeInViewport();
  await newBar(page).toFirst.click();
  await expect(chat(page).row('message 1 of')).toBeInViewport();
  await page.goBack();
  await expect(chat(page).row(`message ${MESSAGES} of`)).toBeInViewport();
  // What lies between was not on screen.
  await expect(newBar(page).bar).toBeVisible();
});

/** A channel `general` in which this person said so much. */
async function filled(who: Voice, count = MESSAGES): Promise<Channel> {
  const general = await who.createChannel('general');
  for (let number = 1; number <= count; number += 1) await who.post(general, `message ${number} of ${count}`);
  return general;
}

/** The message is marked, in the middle third of the list. */
async function expectFound(page: Page, number: number): Promise<void> {
  const row = chat(page).number(number);
  await expect(row).toHaveAttribute('data-found', /./);
  await expect
    .poll(async () => {
      const [own, list] = [await row.boundingBox(), await chat(page).log.boundingBox()];
      return own === null || list === null ? -1 : (own.y + own.height / 2 - list.y) / list.height;
    })
    .toBeCloseTo(0.5, 0.8);
  await expect(row).toBeInViewport();
}

function backToNow(page: Page): Locator {
  return page.getByRole('main').getByRole('button', { name: /^Back to now$|new messages?$/ });
}

/** The message under the line "New since". */
function rowBelowLine(page: Page): Locator {
  return chat(page).log.locator('.log-row', { hasText: 'New since' }).getByRole('article');
}

function copied(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Presses a key of a message until it has its effect: what it does may still be on its way. */
async function pressUntil(page: Page, key: string, seen: Locator): Promise<void> {
  await expect(async () => {
    await page.keyboard.press(key);
    await expect(seen.first()).toBeVisible({ timeout: 500 });
  }).toPass();
}

/** Turns the wheel over the list until a message is in view. */
async function scrollUntil(page: Page, number: number, by: number): Promise<void> {
  const row = chat(page).number(number);
  const isInView = async (): Promise<boolean> => (await row.count()) > 0 && (await fractionInView(row)) > 0;
  while (!(await isInView())) await turnWheel(chat(page).log, by);
}
