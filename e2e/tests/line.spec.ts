/** The connection: its silent death is noticed, and missed messages are there afterwards, in place. */
import type { Page } from '@playwright/test';
import { LATE_MS } from '../support/deadline';
import { chat, newBar } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel, Voice } from '../support/voice';

const NETWORK =
  /ERR_EMPTY_RESPONSE|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_TIMED_OUT|WebSocket connection to/;
test.slow();

test('a connection that died silently is noticed, and recovers', async ({ person, server }) => {
  const ada = await person('Ada');
  ada.watch.announce(NETWORK);
  const general = await ada.createChannel('general');
  await ada.open(general);
  await expect(chat(ada.page).title).toContainText('general');
  server.freeze();
  await chat(ada.page).box.fill('into the silence');
  await chat(ada.page).box.press('Shift+Enter');
  await expect(chat(ada.page).away).toBeVisible({ timeout: LATE_MS });
  await expect(chat(ada.page).row('into the silence')).toHaveAttribute('data-state', 'pending');
  server.thaw();
  await expect(chat(ada.page).away).toBeHidden({ timeout: LATE_MS });
  await expect(chat(ada.page).row('into the silence')).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
  await ada.post(general, 'heard again');
  await expect(chat(ada.page).row('heard again')).toBeVisible();
  expect(await ada.messages(general)).toHaveLength(2);
});

test('after a sleep all missed messages are there, in order', async ({ person, voice }) => {
  const ada = await person('Ada');
  ada.watch.announce(NETWORK);
  const rain = await voice('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.open(general);
  await rain.post(general, 'before');
  await expect(chat(ada.page).row('before')).toBeVisible();
  const asleep = await ada.context.newCDPSession(ada.page);
  // Frozen, no timer and no handler of the page runs, as when a laptop's lid is closed; the network goes meanwhile.
  await asleep.send('Page.setWebLifecycleState', { state: 'frozen' });
  await ada.context.setOffline(true);
  for (let i = 1; i <= 12; i += 1) await rain.post(general, `while asleep ${i}`);
  await ada.context.setOffline(false);
  await asleep.send('Page.setWebLifecycleState', { state: 'active' });
  await expect(chat(ada.page).row('while asleep 12')).toBeVisible({ timeout: LATE_MS });
  const texts = await chat(ada.page).rows.allInnerTexts();
  const numbers = texts.flatMap((text) => /while asleep (\d+)/.exec(text)?.[1] ?? []).map(Number);
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
});

/** So many messages come while a page is offline that they cannot be put in place one by one. */
async function missMany(page: Page, writer: Voice, general: Channel): Promise<void> {
  await expect(chat(page).row(/early 30$|early 30\D/)).toBeInViewport();
  await page.context().setOffline(true);
  await expect(chat(page).away).toBeVisible();
  for (let i = 0; i < 520; i += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, k) => writer.post(general, `late ${i + k + 1}`)));
  }
  await page.context().setOffline(false);
  await expect(chat(page).number(550)).toBeInViewport({ timeout: LATE_MS });
}

test('after more than can be put in place, the newest are shown and the way back is offered', async ({
  person,
  voice,
}) => {
  const [ada, rain] = [await voice('Ada'), await voice('小雨')];
  const general = await ada.createChannel('general');
  await rain.join(general);
  for (let i = 1; i <= 30; i += 1) await rain.post(general, `early ${i}`);
  // Somebody who only looks has nothing unread: no bar counts for them.
  const eve = await person('Eve');
  eve.watch.announce(NETWORK);
  await eve.open(general);
  await missMany(eve.page, rain, general);
  const notice = eve.page.getByRole('status').filter({ hasText: '520 messages since you were last here' });
  await expect(notice).toBeVisible();
  await notice.getByRole('button', { name: 'Go to where you were' }).click();
  await expect(chat(eve.page).number(30)).toBeInViewport();
  await expect(chat(eve.page).number(31)).toBeInViewport();
  await expect(notice).toBeHidden();
});

test('the bar that counts missed messages replaces the strip that says the same', async ({ person, voice }) => {
  const ada = await person('Ada');
  ada.watch.announce(NETWORK);
  const rain = await voice('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  for (let i = 1; i <= 30; i += 1) await rain.post(general, `early ${i}`);
  await ada.open(general);
  await newBar(ada.page).markRead.click();
  await missMany(ada.page, rain, general);
  await expect(newBar(ada.page).bar).toContainText('520 new since');
  const notice = ada.page.getByRole('status').filter({ hasText: 'messages since you were last here' });
  await expect(notice).toHaveCount(0);
  await newBar(ada.page).toFirst.click();
  await expect(chat(ada.page).number(31)).toBeInViewport();
  await expect(newBar(ada.page).bar).toHaveCount(0);
  await expect(notice).toHaveCount(0);
});

test('a reader further up stays where they are, however much they missed', async ({ person, voice }) => {
  const ada = await person('Ada');
  ada.watch.announce(NETWORK);
  const rain = await voice('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  for (let i = 0; i < 90; i += 15) {
    await Promise.all(Array.from({ length: 15 }, (_, k) => rain.post(general, `early ${i + k + 1}`)));
  }
  await ada.open(general);
  await expect(chat(ada.page).number(90)).toBeInViewport();
  await chat(ada.page).log.hover();
  // The first turn may fall into the moment in which the list still finds its end.
  await expect(async () => {
    await ada.page.mouse.wheel(0, -1_500);
    await expect(chat(ada.page).number(90)).not.toBeInViewport({ timeout: 500 });
  }).toPass();
  const topmost = (): Promise<{ number: string; top: number }> =>
    chat(ada.page).log.evaluate(async (log) => {
      // As it was painted: within a frame rows may be there that are not put in their place yet.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const edge = log.getBoundingClientRect().top;
      for (const row of log.querySelectorAll<HTMLElement>('[data-number]')) {
        const { top, bottom } = row.getBoundingClientRect();
        if (bottom > edge + 60) return { number: row.dataset['number'] ?? '', top: Math.round(top) };
      }
      return { number: '', top: 0 };
    });
  const before = await topmost();
  await ada.context.setOffline(true);
  await expect(chat(ada.page).away).toBeVisible();
  for (let i = 0; i < 520; i += 20) {
    await Promise.all(Array.from({ length: 20 }, (_, k) => rain.post(general, `late ${i + k + 1}`)));
  }
  const reloaded = ada.page.waitForResponse(/\/messages\?.*after=/);
  await ada.context.setOffline(false);
  await reloaded;
  await expect(chat(ada.page).away).toBeHidden();
  await expect(chat(ada.page).newer.or(ada.page.getByRole('button', { name: /newest/ }))).toBeVisible();
  await expect.poll(async () => (await topmost()).number).toBe(before.number);
  await expect.poll(async () => Math.abs((await topmost()).top - before.top)).toBeLessThanOrEqual(2);
});

test('rows that differ from the server’s are found, corrected and reported', async ({ person, voice, server }) => {
  const ada = await person('Ada');
  ada.watch.announce(NETWORK);
  server.announce(/digest|copy of a channel|differs|mismatch/i);
  const rain = await voice('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  await rain.post(general, 'before');
  await ada.open(general);
  await expect(chat(ada.page).row('before')).toBeVisible();
  await ada.context.setOffline(true);
  await expect(chat(ada.page).away).toBeVisible();
  for (let i = 0; i < 60; i += 15) {
    await Promise.all(Array.from({ length: 15 }, () => rain.post(general, 'meanwhile')));
  }
  await rain.post(general, 'the lost one');
  await rain.post(general, 'the last one');
  // One answer comes with a row missing, as no network or server should ever do.
  let spoilt = 0;
  await ada.page.route(/\/channels\/\d+\/changes\?/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { messages: { text: string }[] };
    spoilt += body.messages.length;
    body.messages = body.messages.filter(({ text }) => text !== 'the lost one');
    await route.fulfill({ response, json: body });
  });
  const reported = ada.page.waitForResponse(/\/api\/reports$/);
  await ada.context.setOffline(false);
  expect((await reported).status()).toBe(204);
  expect(spoilt).toBeGreaterThanOrEqual(50);
  await expect(chat(ada.page).row('the lost one')).toBeVisible();
  await expect(chat(ada.page).row('the last one')).toBeVisible();
  expect(server.log()).toMatch(/digest|mismatch|differs|copy of a channel/i);
});
