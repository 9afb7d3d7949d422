/** Direct messages: opening a conversation, both ways with unread, offline, notes to oneself, hiding. */
import type { Page } from '@playwright/test';
import { chat, shell, ZH } from '../support/screen';
import { expect, test } from '../support/test';

const NETWORK = /ERR_INTERNET_DISCONNECTED|WebSocket connection to|ERR_CONNECTION/;

/** Where direct messages are on the page. */
function direct(page: Page) {
  const side = shell(page).side;
  const dialog = page.getByRole('dialog', { name: /^New message$|^新消息$/ });
  return {
    start: side.getByRole('button', { name: /^Start a direct message$|^发起私信$/ }),
    row: (name: string) => side.getByRole('link', { name }),
    dialog,
    field: dialog.getByRole('combobox'),
    option: (name: string) => dialog.getByRole('option', { name }),
    go: dialog.getByRole('button', { name: /^Start$|^开始$/ }),
    box: page.getByRole('main').getByRole('textbox', { name: /^Message (?!#)|^发消息给/ }),
  };
}

/** Opens the conversation with these people by the picker. */
async function open(page: Page, ...names: readonly string[]): Promise<void> {
  await direct(page).start.click();
  for (const name of names) {
    await direct(page).field.fill(name);
    await expect(direct(page).option(name)).toHaveAttribute('aria-selected', 'true');
    await direct(page).field.press('Enter');
  }
  await direct(page).field.press('Enter');
  await expect(direct(page).dialog).toBeHidden();
}

async function say(page: Page, text: string): Promise<void> {
  await direct(page).box.fill(text);
  await direct(page).box.press('Shift+Enter');
}

test('two people write to each other, with unread, each in their language', async ({ person }) => {
  const [ada, eve] = [await person('Ada'), await person('Eve')];
  const rain = await person('小雨', { locale: 'zh-CN' });
  for (const one of [ada, rain, eve]) await one.page.goto('/channels');

  await open(ada.page, '小雨');
  await expect(chat(ada.page).title).toContainText('小雨');
  await expect(ada.page).toHaveURL(/\/c\/\d{10,16}$/);
  await expect(ada.page.getByText(/the start of your messages with 小雨/)).toBeVisible();
  // Nobody else learns of it before something is written.
  await expect(direct(rain.page).row('Ada')).toHaveCount(0);
  await open(rain.page, 'Eve');
  await expect(rain.page.getByText(/这里是您与 Eve 的私信的开头/)).toBeVisible();

  await say(ada.page, 'the canary sings');
  await expect(chat(ada.page).row('the canary sings')).toHaveAttribute('data-state', 'sent');
  const row = direct(rain.page).row('Ada');
  await expect(row.getByText('1 条未读')).toBeAttached();
  await expect(rain.page).toHaveTitle(/^\(1\) /);

  await row.click();
  await expect(chat(rain.page, ZH).row('the canary sings')).toBeVisible();
  await expect(row.getByText('1 条未读')).toHaveCount(0);
  await ada.page.goto('/channels');
  await say(rain.page, 'I hear it');
  const back = direct(ada.page).row('小雨');
  await expect(back.getByText('1 unread')).toBeAttached();
  await back.click();
  await expect(chat(ada.page).row('I hear it')).toBeVisible();

  // The same people find the same conversation.
  await open(rain.page, 'Ada');
  await expect(chat(rain.page, ZH).rows).toHaveCount(2);
  await expect(direct(eve.page).row('Ada')).toHaveCount(0);
  await expect(direct(eve.page).row('小雨')).toHaveCount(0);
  expect(await eve.page.content()).not.toContain('canary');

  // Whoever blocked the other reads where they would write that neither can.
  const { id } = await rain.call<{ id: number }>('GET', '/api/me');
  await ada.call('PUT', `/api/people/${id}/aside`, { kind: 'block' });
  const main = ada.page.getByRole('main');
  await expect(main.getByText('You blocked 小雨')).toBeVisible();
  await expect(main.getByText('小雨, whom you blocked, wrote something.')).toBeVisible();
  await expect(direct(ada.page).box).toBeHidden();
  await main.getByRole('button', { name: 'Unblock' }).click();
  await expect(direct(ada.page).box).toBeVisible();
  await expect(chat(ada.page).row('I hear it')).toBeVisible();
});

test('a message that was written without a connection arrives when it is back', async ({ person, voice }) => {
  const ada = await person('Ada');
  ada.watch.announce(NETWORK);
  const rain = await voice('小雨');
  await ada.page.goto('/channels');
  await open(ada.page, '小雨');
  await expect(chat(ada.page).title).toContainText('小雨');
  await ada.context.setOffline(true);
  await say(ada.page, 'later, then');
  await expect(chat(ada.page).row('later, then')).toHaveAttribute('data-state', /pending|sending|waiting/);
  await ada.context.setOffline(false);
  await expect(chat(ada.page).row('later, then')).toHaveAttribute('data-state', 'sent');
  const listed = await rain.call<{ channels: { kind: string; unread: number }[] }>('GET', '/api/channels');
  expect(listed.channels.map(({ kind, unread }) => [kind, unread])).toEqual([['direct', 1]]);
});

test('a group has its names, and notes are for oneself', async ({ person, voice }) => {
  const ada = await person('Ada');
  const more = ['Cleo', 'Dora', 'Finn', 'Gus', 'Hal'];
  for (const name of ['小雨', 'Bob', ...more]) await voice(name);
  await ada.page.goto('/channels');
  await open(ada.page, '小雨', 'Bob');
  await expect(chat(ada.page).title).toContainText(/Bob, 小雨|小雨, Bob/);
  await say(ada.page, 'hello both');
  await expect(chat(ada.page).row('hello both')).toHaveAttribute('data-state', 'sent');

  await direct(ada.page).start.click();
  await direct(ada.page).option('Notes to yourself').click();
  await expect(chat(ada.page).title).toContainText('Notes to yourself');
  await expect(ada.page.getByText('Only you can read what you write here.')).toBeVisible();

  // With eight the field goes, and the focus to Start; with seven it is back, with the focus.
  const { dialog, field, go, option, start } = direct(ada.page);
  await start.click();
  for (const name of ['小雨', 'Bob', ...more]) {
    await field.fill(name);
    await expect(option(name)).toHaveAttribute('aria-selected', 'true');
    await field.press('Enter');
  }
  await expect(field).toBeHidden();
  await expect(go).toBeFocused();
  await dialog.getByRole('button', { name: /Hal/ }).press('Enter');
  await expect(field).toBeFocused();
});

test('a hidden conversation comes back: by Undo, and with a message', async ({ person, voice }) => {
  const ada = await person('Ada');
  const rain = await voice('小雨');
  await ada.page.goto('/channels');
  await open(ada.page, '小雨');
  await say(ada.page, 'hello');
  await expect(chat(ada.page).row('hello')).toHaveAttribute('data-state', 'sent');
  const hide = async (): Promise<void> => {
    await ada.page.getByRole('button', { name: 'Channel options' }).click();
    await ada.page.getByRole('menuitem', { name: 'Hide conversation' }).click();
    await expect(direct(ada.page).row('小雨')).toHaveCount(0);
  };
  await hide();
  await ada.page.getByRole('button', { name: 'Undo' }).click();
  await expect(direct(ada.page).row('小雨')).toBeVisible();
  await expect(chat(ada.page).row('hello')).toBeVisible();

  await hide();
  const [channel] = (await rain.call<{ channels: { id: number; name: string }[] }>('GET', '/api/channels')).channels;
  if (channel === undefined) throw new Error('小雨 has the conversation');
  await rain.post(channel, 'are you there?');
  await expect(direct(ada.page).row('小雨').getByText('1 unread')).toBeAttached();
});

test('a section of the sidebar stays shut, but shows what calls', async ({ person, voice }) => {
  const ada = await person('Ada');
  const rain = await voice('小雨');
  const general = await ada.createChannel('general');
  await ada.page.goto('/channels');
  const { side } = shell(ada.page);
  await expect(side.getByRole('link', { name: 'general' })).toBeVisible();
  await side.getByRole('button', { name: 'Collapse Channels' }).click();
  await expect(side.getByRole('link', { name: 'general' })).toHaveCount(0);
  await ada.page.goto('/settings');
  await expect(side.getByRole('button', { name: 'Expand Channels' })).toBeVisible();
  await expect(side.getByRole('link', { name: 'general' })).toHaveCount(0);
  await rain.join(general);
  await rain.post(general, 'news');
  await expect(side.getByRole('link', { name: 'general' })).toBeVisible();
});
