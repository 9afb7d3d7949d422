/** What is unread is counted until it was on screen: the bar, the badge, the line, and the ways to have read. */
import type { Page } from '@playwright/test';
import { LATE_MS } from '../support/deadline';
import { turnWheel } from '../support/layout';
import type { Person } from '../support/person';
import { chat, newBar, shell, type Words, EN, ZH } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel, Voice } from '../support/voice';

const MANY = 153;
const NETWORK = /ERR_INTERNET_DISCONNECTED|WebSocket connection to|ERR_CONNECTION/;

test.use({ settings: ['--limit-messages', '0'] });

interface Stage {
  readonly ada: Person;
  readonly rain: Voice;
  readonly general: Channel;
}

/** Ada has read what was said first; then 小雨 says so many things more. */
async function unreadFor(
  person: (name: string) => Promise<Person>,
  voice: (name: string) => Promise<Voice>,
  count: number,
): Promise<Stage> {
  const ada = await person('Ada');
  const rain = await voice('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'what was read before');
  await say(rain, general, count);
  return { ada, rain, general };
}

async function say(who: Voice, channel: Channel, count: number, from = 1): Promise<void> {
  for (let said = from; said < from + count; said += 1) await who.post(channel, `news ${said}.`);
}

/** How much the server counts as unread. */
async function unreadOf(who: Voice, channel: Channel): Promise<number> {
  return (await who.call<{ unread: number }>('GET', `/api/channels/${channel.id}`)).unread;
}

function badge(page: Page, words: Words = EN) {
  const text = words === ZH ? /条未读$/ : /unread$/;
  return shell(page, words).side.getByRole('link', { name: 'general' }).getByText(text);
}

/** The line above the first new message. The page that stands there until the app has begun has one too. */
function line(page: Page) {
  return chat(page).log.getByText(/^New since/);
}

/** Reads on with the wheel, overlapping, until there is nothing below. */
async function readDown(page: Page): Promise<void> {
  const { log } = chat(page);
  const left = (): Promise<number> => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  const newest = chat(page).number(MANY + 1);
  while ((await newest.count()) === 0 || (await left()) > 1) await turnWheel(log, 400);
}

test('opened with 153 unread it shows the newest and how many there are, and counts them until they are read', async ({
  person,
  voice,
}) => {
  const { ada, general } = await unreadFor(person, voice, MANY);
  const { page } = ada;
  await ada.open(general);
  await expect(chat(page).row(`news ${MANY}.`)).toBeInViewport();
  await expect(newBar(page).bar).toHaveText(/^153 new since \d\d:\d\d/);
  await expect(badge(page)).toHaveText('153 unread');
  expect(await unreadOf(ada, general)).toBe(MANY);

  await page.reload();
  await expect(newBar(page).bar).toContainText('153 new since');
  await newBar(page).toFirst.click();
  await expect(chat(page).row('news 1.')).toBeInViewport();
  await expect(line(page)).toBeVisible();
  // It is a text among the messages: what a separator holds is not read out.
  await expect(chat(page).log).toMatchAriaSnapshot('- text: /New since \\d\\d:\\d\\d/');
  await expect(newBar(page).bar).toHaveCount(0);
  await readDown(page);
  await expect(badge(page)).toHaveCount(0);
  await expect(newBar(page).bar).toHaveCount(0);
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
  await expect(chat(page).row(`news ${MANY}.`)).toBeInViewport();
});

test('what was seen below a gap stays counted, and the bar leads back to the gap', async ({ person, voice }) => {
  const { ada, general } = await unreadFor(person, voice, MANY);
  const { page } = ada;
  await ada.open(general);
  await newBar(page).toFirst.click();
  await expect(chat(page).row('news 1.')).toBeInViewport();
  await expect.poll(() => unreadOf(ada, general)).toBeLessThan(MANY);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(chat(page).row(`news ${MANY}.`)).toBeInViewport();
  const left = await unreadOf(ada, general);
  expect(left).toBeGreaterThan(50);
  await expect(newBar(page).bar).toContainText(`${left} new since`);
  await expect(badge(page)).toHaveText(`${left} unread`);
  await page.reload();
  await expect(newBar(page).bar).toContainText(`${left} new since`);
  await page.locator('#main').press('j');
  const next = MANY - left + 1;
  await expect(chat(page).row(`news ${next}.`)).toBeInViewport();
  await expect(chat(page).row(`news ${next}.`)).toBeFocused();
});

test('an own message between leaves them counted; Mark read reads all of it, in every window', async ({
  person,
  voice,
}) => {
  const { ada, general, rain } = await unreadFor(person, voice, MANY);
  const { page } = ada;
  const other = await ada.context.newPage();
  await ada.open(general);
  await expect(newBar(page).bar).toContainText('153 new since');
  await chat(page).box.fill('I am here');
  await chat(page).box.press('Shift+Enter');
  await expect(chat(page).row('I am here')).toHaveAttribute('data-state', 'sent');
  await expect(newBar(page).bar).toContainText('153 new since');
  await expect(badge(page)).toHaveText('153 unread');
  expect(await unreadOf(ada, general)).toBe(MANY);

  // The focus goes where one writes.
  await other.goto('/channel/general');
  for (const one of [page, other]) await expect(newBar(one).bar).toContainText('153 new');
  await newBar(page).markRead.click();
  await expect(chat(page).box).toBeFocused();
  for (const one of [page, other]) {
    await expect(newBar(one).bar).toHaveCount(0);
    await expect(badge(one)).toHaveCount(0);
    await expect(one).toHaveTitle(/^#general/);
  }
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
  await rain.post(general, 'and one more');
  await expect(chat(other).row('and one more')).toBeInViewport();
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
  for (const one of [page, other]) await expect(badge(one)).toHaveCount(0);
});

test('Esc reads all of it, but first closes what is open', async ({ person, voice }) => {
  const { ada, general } = await unreadFor(person, voice, 40);
  const { page } = ada;
  await ada.open(general);
  await expect(newBar(page).bar).toContainText('40 new since');
  await page.getByRole('button', { name: 'Channel options' }).click();
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menuitem').first()).toBeHidden();
  await expect(newBar(page).bar).toBeVisible();
  // Also on a message that was jumped to, from which it leads to the composer.
  await newBar(page).toFirst.click();
  await expect(chat(page).row('news 1.')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(chat(page).box).toBeFocused();
  await expect(newBar(page).bar).toHaveCount(0);
  await expect(badge(page)).toHaveCount(0);
  await expect(line(page)).toHaveCount(0);
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
});

test('a few are read at once under the line; sending ends what is new, in every window', async ({ person, voice }) => {
  const { ada, general } = await unreadFor(person, voice, 3);
  const { page } = ada;
  const other = await ada.context.newPage();
  await ada.open(general);
  // A few that fit on the screen are read at once, and the line shows where they begin.
  await expect(line(page)).toBeVisible();
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
  await expect(badge(page)).toHaveCount(0);
  await expect(newBar(page).bar).toHaveCount(0);
  await other.goto('/channel/general');
  await chat(page).box.fill('my answer');
  await chat(page).send.click();
  for (const one of [page, other]) {
    await expect(chat(one).row('my answer')).toHaveAttribute('data-state', 'sent');
    await expect(line(one)).toHaveCount(0);
    await expect(newBar(one).bar).toHaveCount(0);
    await expect(badge(one)).toHaveCount(0);
    await expect(one).toHaveTitle(/^#general/);
  }
  const { read_number: mark } = await ada.call<{ read_number: number }>('GET', `/api/channels/${general.id}`);
  expect(mark, 'behind the line that says who joined').toBe(6);
});

test('sending above unread messages takes the line away; they stay counted, and the bar leads to them', async ({
  person,
  voice,
}) => {
  const { ada, general } = await unreadFor(person, voice, MANY);
  const { page } = ada;
  await ada.open(general);
  await newBar(page).toFirst.click();
  await expect(line(page)).toBeVisible();
  await chat(page).box.fill('my answer');
  await chat(page).send.click();
  await expect(chat(page).row('my answer')).toBeInViewport();
  await expect(chat(page).row('my answer')).toHaveAttribute('data-state', 'sent');
  await expect(newBar(page).bar).toBeVisible();
  await expect.poll(() => unreadOf(ada, general)).toBeLessThan(MANY);
  const left = Number.parseInt((await newBar(page).bar.textContent()) ?? '', 10);
  expect(left).toBeGreaterThan(50);
  await expect.poll(() => unreadOf(ada, general)).toBe(left);
  await expect(badge(page)).toHaveText(`${left} unread`);
  // Scrolled up a little the line is not there again by itself.
  const next = chat(page).row(`news ${MANY - left + 1}.`);
  while ((await next.count()) === 0) await turnWheel(chat(page).log, -800);
  await expect(line(page)).toHaveCount(0);
});

test('a window that nobody looks at reads nothing', async ({ person, voice }) => {
  const { ada, general, rain } = await unreadFor(person, voice, 0);
  const { page } = ada;
  await page.addInitScript(() => {
    let isThere = false;
    document.hasFocus = () => isThere;
    addEventListener('come', () => {
      isThere = true;
      dispatchEvent(new Event('focus'));
    });
  });
  await ada.open(general);
  await expect(chat(page).row('what was read before')).toBeVisible();
  await say(rain, general, 2);
  await expect(chat(page).row('news 2.')).toBeInViewport();
  await expect(badge(page)).toHaveText('2 unread');
  // The title tells what calls the person.
  await expect(page).toHaveTitle(/^#general/);
  await expect(line(page)).toBeVisible();
  expect(await unreadOf(ada, general)).toBe(2);
  await page.evaluate(() => dispatchEvent(new Event('come')));
  await expect(badge(page)).toHaveCount(0);
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
  await expect(line(page)).toBeVisible();
});

test('what is unread and deleted is not counted any more', async ({ person, voice }) => {
  const { ada, general, rain } = await unreadFor(person, voice, MANY);
  const { page } = ada;
  await page.goto('/channels');
  await expect(badge(page)).toHaveText('153 unread');
  for (let number = 3; number <= MANY + 2; number += 1)
    await rain.call('DELETE', `/api/channels/${general.id}/messages/${number}`);
  await expect(badge(page)).toHaveCount(0);
  await ada.open(general);
  await expect(chat(page).rows.last()).toBeInViewport();
  await expect(newBar(page).bar).toHaveCount(0);
  await expect(line(page)).toHaveCount(0);
});

test('what was read without a connection is reported when the connection is back', async ({ person, voice }) => {
  const { ada, general } = await unreadFor(person, voice, 40);
  const { page } = ada;
  ada.watch.announce(NETWORK);
  await ada.open(general);
  await expect(newBar(page).bar).toContainText('40 new since');
  await ada.context.setOffline(true);
  await newBar(page).markRead.click();
  await expect(badge(page)).toHaveCount(0);
  await ada.context.setOffline(false);
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
});

test('what was missed without a connection stands under the line', async ({ person, voice }) => {
  const { ada, general, rain } = await unreadFor(person, voice, 1);
  const { page } = ada;
  ada.watch.announce(NETWORK);
  await ada.open(general);
  await chat(page).box.press('Escape');
  await expect(line(page)).toHaveCount(0);
  await ada.context.setOffline(true);
  await say(rain, general, 2, 2);
  await ada.context.setOffline(false);
  await expect(chat(page).row('news 3.')).toBeInViewport({ timeout: LATE_MS });
  await expect(line(page)).toBeVisible();
  await expect.poll(() => unreadOf(ada, general)).toBe(0);
});

test('on a phone, in Chinese: the same strip, above the messages', async ({ person, voice }) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'zh-CN' };
  const { ada, general } = await unreadFor((name) => person(name, phone), voice, 40);
  const { page } = ada;
  await ada.open(general);
  await expect(newBar(page).bar).toHaveText(/^\d\d:\d\d 以来有 40 条新消息/);
  const [bar, log] = await Promise.all([newBar(page).bar.boundingBox(), chat(page).log.boundingBox()]);
  expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeLessThanOrEqual((log?.y ?? 0) + 1);
  await page.getByRole('button', { name: '跳到第一条' }).click();
  await expect(chat(page).row('news 1.')).toBeInViewport();
  await expect(newBar(page).bar).toHaveCount(0);
});
