/** The second script, which connects, keeps what is unsent on the disk and sends files: when it is late, or fails at first. */
import type { Page, Route } from '@playwright/test';
import { LATE_MS } from '../support/deadline';
import { textFile } from '../support/files';
import { hand } from '../support/hand';
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

const SECOND = /\/assets\/second-[^/]*\.js/;

/** Opens a channel with one message without the second script, which `answer` gives or refuses. */
async function openWithout(page: Page, answer: (route: Route) => Promise<void>): Promise<void> {
  await page.route(SECOND, answer);
  await page.goto('/channel/general', { waitUntil: 'commit' });
  await expect(page.locator('#first')).toHaveCount(0);
  await expect(chat(page).number(1)).toBeInViewport();
}

test('what is written and attached before the second script is there goes out with it', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'Morning');
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await openWithout(ada.page, async (route) => {
    await held;
    await route.continue();
  });
  const { box, row } = chat(ada.page);
  await box.fill('written early');
  await box.press('Shift+Enter');
  await expect(row('written early')).toHaveAttribute('data-state', 'pending');
  await expect(box).toHaveValue('');
  expect(await hand(ada.page, 'paste', [textFile('early.txt', 'one')])).toBe(true);
  await box.fill('with a file');
  await box.press('Shift+Enter');
  letGo();
  await expect(row('written early')).toHaveAttribute('data-state', 'sent');
  await expect(row('with a file')).toHaveAttribute('data-state', 'sent');
  await expect(row('with a file')).toContainText('early.txt');
  await expect(box).toHaveValue('');
  expect(await ada.messages(general)).toHaveLength(3);
});

test('a second script that fails is asked for again: the connection comes, and nothing was missed', async ({
  person,
  voice,
}) => {
  const ada = await person('Ada');
  ada.watch.announce(/ERR_FAILED|Failed to load resource/);
  const general = await ada.createChannel('general');
  await ada.post(general, 'Morning');
  const grace = await voice('Grace');
  await grace.join(general);
  let works = false;
  await openWithout(ada.page, (route) => (works ? route.continue() : route.abort()));
  await expect(ada.page.getByRole('main').getByText(/^Reconnecting…/)).toBeVisible();
  await grace.post(general, 'while she was deaf');
  await expect(chat(ada.page).row('while she was deaf')).toHaveCount(0);
  works = true;
  await ada.page.getByRole('button', { name: 'Try now' }).click();
  await expect(chat(ada.page).row('while she was deaf')).toBeVisible({ timeout: LATE_MS });
  await expect(ada.page.getByRole('main').getByText(/^Reconnecting…/)).toHaveCount(0);
  await chat(ada.page).box.fill('heard');
  await chat(ada.page).box.press('Shift+Enter');
  await expect(chat(ada.page).row('heard')).toHaveAttribute('data-state', 'sent');
});
