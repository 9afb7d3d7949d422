/** Whoever is taken out of a private place loses its rows at once; their own unsent words can be copied. */
import type { Page } from '@playwright/test';
import { expectNothingFound } from '../support/axe';
import type { Person } from '../support/person';
import { channels, chat } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel, Me } from '../support/voice';

const POSTS = /\/api\/channels\/\d+\/messages$/;

/** A private place of Ada's, in which the other one is. */
async function privatePlace(ada: Person, other: Person): Promise<{ plans: Channel; takeOut: () => Promise<unknown> }> {
  const { id } = await other.call<Me>('GET', '/api/me');
  const draft = { name: 'plans', kind: 'private', people: [id] };
  const plans = await ada.call<Channel>('POST', '/api/channels', draft);
  return { plans, takeOut: () => ada.call('DELETE', `/api/channels/${plans.id}/members/${id}`) };
}

const lost = (page: Page) => page.getByRole('alertdialog', { name: /^You did not send this$|^这些内容没有发送$/ });

test('what was being written for a place that is lost is offered in every tab, and goes when it is discarded', async ({
  person,
}) => {
  const [ada, grace] = [await person('Ada'), await person('Grace')];
  const { plans, takeOut } = await privatePlace(ada, grace);
  await grace.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.call('POST', `/api/channels/${plans.id}/messages`, {
    text: 'a secret',
    attachments: [],
    key: crypto.randomUUID(),
  });
  // One message that the server does not take now, and a draft; another tab looks at something else.
  await grace.page.route(POSTS, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  grace.watch.announce(/ERR_FAILED|status of 404|status of 429/);
  await grace.page.goto(`/c/${plans.id}`);
  await expect(chat(grace.page).row('a secret')).toBeVisible();
  await chat(grace.page).box.fill('written and on its way');
  await chat(grace.page).send.click();
  await expect(chat(grace.page).row('written and on its way')).toBeVisible();
  await chat(grace.page).box.fill('half a thought\nof two lines');
  const other = await grace.context.newPage();
  await other.route(POSTS, (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await other.goto('/settings');
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();

  await takeOut();
  for (const page of [grace.page, other]) {
    const dialog = lost(page);
    await expect(dialog).toContainText('You are not in this place any more.');
    await expect(dialog.getByRole('listitem')).toHaveCount(2);
    await expect(dialog.getByText('For #plans')).toHaveCount(2);
    await expect(page.getByText('a secret')).toHaveCount(0);
  }
  const dialog = lost(grace.page);
  await expectNothingFound(grace.page, { only: 'dialog' });
  await dialog.getByRole('button', { name: /^Copy “half a thought/ }).click();
  await expect
    .poll(() => grace.page.evaluate(() => navigator.clipboard.readText()))
    .toBe('half a thought\nof two lines');

  // It stays until it is discarded, also through a reload.
  await grace.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(channels(grace.page).heading).toBeVisible();
  // The step of the history that the dialog was is taken back, which a reload would break off.
  const layers = (): number => (history.state as { layers?: number } | null)?.layers ?? 0;
  await expect.poll(() => grace.page.evaluate(layers)).toBe(0);
  await grace.page.reload();
  const row = grace.page.getByRole('button', { name: 'Not sent 2' });
  await row.click();
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('button', { name: /^Discard “written/ }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('button', { name: /^Discard “half/ }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toHaveCount(0);
  await expect(other.getByRole('alertdialog').getByRole('listitem')).toHaveCount(0);
});

test('on a phone and in Chinese it is the same, and whoever comes back goes on writing', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨', { viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
  const { plans, takeOut } = await privatePlace(ada, rain);
  await rain.page.goto(`/c/${plans.id}`);
  await chat(rain.page).box.fill('写了一半');
  await takeOut();
  const dialog = lost(rain.page);
  await expect(dialog).toContainText('原定发往 #plans');
  await expect(dialog.getByText('写了一半')).toBeVisible();
  expect(await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  await dialog.getByRole('button', { name: '关闭' }).click();
  const { id } = await rain.call<Me>('GET', '/api/me');
  await ada.call('POST', `/api/channels/${plans.id}/members`, { people: [id] });
  await rain.page.goto(`/c/${plans.id}`);
  await expect(chat(rain.page).box).toHaveValue('写了一半');
});

test('whoever wrote nothing there is told that they are out, and nothing else', async ({ person }) => {
  const [ada, grace] = [await person('Ada'), await person('Grace')];
  const { plans, takeOut } = await privatePlace(ada, grace);
  const general = await grace.createChannel('general');
  await grace.open(general);
  await chat(grace.page).box.fill('for another place');
  await grace.page.goto(`/c/${plans.id}`);
  await expect(chat(grace.page).title).toContainText('plans');
  await takeOut();
  await expect(channels(grace.page).heading).toBeVisible();
  await expect(grace.page.getByRole('dialog')).toHaveCount(0);
  await expect(lost(grace.page)).toHaveCount(0);
  await expect(grace.page.getByRole('button', { name: /^Not sent/ })).toHaveCount(0);
});
