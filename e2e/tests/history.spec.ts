/** A long channel: the newest first, older ones on the way up, and no jumps. */
import type { Page } from '@playwright/test';
import type { Person } from '../support/person';
import type { Channel } from '../support/voice';
import { fractionInView, topOf, turnWheel } from '../support/layout';
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

const MESSAGES = 120;

test('the first HTML carries the newest 100; older ones come on scrolling up, and what is on screen stays', async ({
  person,
}) => {
  const ada = await person('Ada');
  const general = await filled(ada);
  await test.step('the first HTML carries the newest 100, and the newest is in view', async () => {
    const html = await (await ada.context.request.get('/channel/general')).text();
    const embedded = /<script type="application\/json" id="state"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? '{}';
    const state = JSON.parse(embedded) as {
      page?: { messages?: { messages: { number: number }[] } };
    };
    const numbers = state.page?.messages?.messages.map((message) => message.number) ?? [];
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => index + 21));

    const requests: string[] = [];
    ada.page.on('request', (request) => requests.push(request.url()));
    await ada.open(general);
    await expect(chat(ada.page).number(MESSAGES)).toBeInViewport();
    expect(requests.filter((url) => /\/messages/.test(url))).toEqual([]);
  });
  await test.step('older messages come on scrolling up, and what is on screen stays', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let asked = (): void => undefined;
    const wanted = new Promise<void>((resolve) => (asked = resolve));
    await ada.page.route(/\/messages\?.*before=/, async (route) => {
      asked();
      await held;
      await route.continue();
    });
    await ada.open(general);
    await expect(chat(ada.page).number(MESSAGES)).toBeInViewport();
    await scrollUpUntil(ada.page, 21);
    await wanted;
    const row = chat(ada.page).number(24);
    await expect(row).toBeInViewport();
    const before = await topOf(row);
    release();
    await expect(chat(ada.page).number(19)).toBeAttached();
    await expect.poll(async () => Math.abs((await topOf(row)) - before)).toBeLessThan(3);
    await scrollUpUntil(ada.page, 1);
    await expect(chat(ada.page).number(1)).toContainText('message 1 of');
  });
});

test('a reader further up is told of new messages and not moved', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const general = await filled(ada);
  await rain.join(general);
  await ada.open(general);
  await expect(chat(ada.page).number(MESSAGES)).toBeInViewport();
  await scrollUpUntil(ada.page, 80);
  const row = chat(ada.page).number(80);
  const before = await topOf(row);
  for (const text of ['one', 'two', 'three']) await rain.post(general, `news ${text}`);
  await expect(chat(ada.page).newer).toHaveText(/3 new messages/);
  expect(Math.abs((await topOf(row)) - before)).toBeLessThan(3);
  await chat(ada.page).newer.click();
  await expect(chat(ada.page).row('news three')).toBeInViewport();
  await expect(chat(ada.page).newer).toBeHidden();
  await rain.post(general, 'news four');
  await expect(chat(ada.page).row('news four')).toBeInViewport();
});

test('a link to a message leads to it', async ({ person }) => {
  const ada = await person('Ada');
  await filled(ada);
  await ada.page.goto('/channel/general/10');
  await expect(chat(ada.page).number(10)).toBeInViewport();
  await expect(chat(ada.page).number(10)).toContainText('message 10 of');
});

/** A channel of 120 messages. */
async function filled(ada: Person): Promise<Channel> {
  const general = await ada.createChannel('general');
  for (let number = 1; number <= MESSAGES; number += 1) await ada.post(general, `message ${number} of ${MESSAGES}`);
  return general;
}

/** Turns the wheel over the list, a screen at a time, until a message is in view. */
async function scrollUpUntil(page: Page, number: number): Promise<void> {
  await chat(page).log.hover();
  const row = chat(page).number(number);
  const isInView = async (): Promise<boolean> => (await row.count()) > 0 && (await fractionInView(row)) > 0;
  while (!(await isInView())) await turnWheel(chat(page).log, -500);
}
