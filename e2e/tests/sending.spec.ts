/** What happens to a message when the network or the server fails. */
import type { Route } from '@playwright/test';
import { LATE_MS } from '../support/deadline';
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

const POSTS = /\/api\/channels\/\d+\/messages$/;

test('a message shows at once, settles when it is answered, and those in a row arrive in that order', async ({
  person,
}) => {
  const ada = await person('Ada');
  await test.step('a message shows at once and settles when it is answered', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await ada.page.route(POSTS, async (route) => {
      await held;
      await route.continue();
    });
    await chat(ada.page).box.fill('on its way');
    await chat(ada.page).box.press('Shift+Enter');
    const row = chat(ada.page).row('on its way');
    await expect(row).toHaveAttribute('data-state', 'pending');
    await row.evaluate((element) => element.setAttribute('data-same', ''));
    release();
    await expect(row).toHaveAttribute('data-state', 'sent');
    // The settled row is the pending one: nothing was drawn anew.
    await expect(row).toHaveAttribute('data-same', '');
    await expect(chat(ada.page).rows).toHaveCount(1);
    await ada.page.unrouteAll();
  });
  await test.step('messages written in a row arrive in that order', async () => {
    const general = await ada.createChannel('in a row');
    await ada.open(general);
    const texts = Array.from({ length: 8 }, (_, index) => `line ${index + 1}`);
    for (const text of texts) {
      await chat(ada.page).box.fill(text);
      await chat(ada.page).box.press('Shift+Enter');
      // A text stands in the box until the browser has it on disk; whoever replaces it before that has taken it back.
      await expect(chat(ada.page).box).toHaveValue('');
    }
    await expect(chat(ada.page).row('line 8')).toHaveAttribute('data-state', 'sent');
    expect((await ada.messages(general)).map((message) => message.text)).toEqual(texts);
    await ada.page.unrouteAll();
  });
});

test('a refused message keeps its place and its text, and can be tried again or discarded', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 403/);
  await test.step('a refused message keeps its place and its text, and can be tried again', async () => {
    const rain = await person('小雨');
    const general = await ada.createChannel('general');
    await ada.open(general);
    await rain.open(general);
    await ada.page.route(POSTS, refuse);
    await chat(ada.page).box.fill('not yet');
    await chat(ada.page).box.press('Shift+Enter');
    const row = chat(ada.page).row('not yet');
    await expect(row).toHaveAttribute('data-state', 'failed');
    await expect(row.getByRole('alert')).toContainText(/not sent/i);
    await ada.page.unroute(POSTS, refuse);
    await row.getByRole('button', { name: 'Retry' }).click();
    await expect(row).toHaveAttribute('data-state', 'sent');
    await expect(chat(rain.page).row('not yet')).toHaveCount(1);
    expect(await ada.messages(general)).toHaveLength(1);
    await ada.page.unrouteAll();
  });
  await test.step('a refused message can be discarded', async () => {
    const general = await ada.createChannel('discarded');
    await ada.open(general);
    await ada.page.route(POSTS, refuse);
    await chat(ada.page).box.fill('never mind');
    await chat(ada.page).box.press('Shift+Enter');
    const row = chat(ada.page).row('never mind');
    await row.getByRole('button', { name: 'Discard' }).click();
    await expect(row).toHaveCount(0);
    expect(await ada.messages(general)).toHaveLength(0);
    await ada.page.unrouteAll();
  });
});

test('what the network drops on either way goes out once it is back, and only once', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/ERR_FAILED/);
  await test.step('a message that the network dropped goes out once it is back', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    let dropped = 0;
    await ada.page.route(POSTS, async (route) => {
      dropped += 1;
      if (dropped <= 2) await route.abort();
      else await route.continue();
    });
    await chat(ada.page).box.fill('patience');
    await chat(ada.page).box.press('Shift+Enter');
    await expect(chat(ada.page).row('patience')).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
    expect(await ada.messages(general)).toHaveLength(1);
    await ada.page.unrouteAll();
  });
  await test.step('a lost answer makes no second message', async () => {
    const general = await ada.createChannel('lost answer');
    await ada.open(general);
    let lost = 0;
    await ada.page.route(POSTS, async (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      await route.abort();
    });
    await chat(ada.page).box.fill('only once');
    await chat(ada.page).box.press('Shift+Enter');
    await expect(chat(ada.page).row('only once')).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
    await expect(chat(ada.page).rows).toHaveCount(1);
    expect(await ada.messages(general)).toHaveLength(1);
    await ada.page.unrouteAll();
  });
});

async function refuse(route: Route): Promise<void> {
  const problem = {
    type: 'about:blank',
    title: 'Forbidden',
    status: 403,
    code: 'forbidden',
    detail: 'You may not write here.',
  };
  await route.fulfill({
    status: 403,
    contentType: 'application/problem+json',
    body: JSON.stringify(problem),
  });
}
