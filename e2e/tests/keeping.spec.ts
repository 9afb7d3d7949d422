/** Messages that are kept at hand: pinned for all, saved for oneself. */
import type { Locator, Page } from '@playwright/test';
import { expectNothingFound, expectNothingInBothThemes } from '../support/axe';
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, messageMenu, shell } from '../support/screen';
import { expect, test } from '../support/test';

const PHONE = { width: 390, height: 844 };

const mark = (row: Locator): Locator => row.locator('.msg-mark');
const pane = (page: Page): Locator => page.getByRole('complementary', { name: /^Pinned|^置顶/ });

/** Presses a button over a message. */
async function press(page: Page, row: Locator, name: string | RegExp): Promise<void> {
  await row.hover();
  await chat(page).tools(row).getByRole('button', { name }).click();
}

async function openPins(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Channel options' }).click();
  await page.getByRole('menuitem', { name: 'Pinned' }).click();
}

test('a pin is seen by all at once: above the message, in a line, in the pane; taking it down can be undone', async ({
  person,
}) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  const general = await ada.createChannel('general');
  await bob.join(general);
  const { number } = await ada.post(general, 'The checklist is at https://wiki.example/4.2');
  for (let i = 1; i <= 60; i += 1) await ada.post(general, `later ${i}`);
  await ada.post(general, 'The door code is 2315');
  await ada.open(general);
  await bob.open(general);
  const door = chat(ada.page).row('door code');
  await messageMenu(ada.page).choose(door, 'Pin to #general');
  await expect(mark(door)).toHaveText('Pinned by you');
  const seen = chat(bob.page).row('door code');
  await expect(mark(seen)).toHaveText('Pinned by Ada');
  // It follows others of the same author, and says whose it is all the same.
  await expect(seen.getByRole('button', { name: 'Ada' })).toBeVisible();
  const line = bob.page.getByRole('log').locator('.msg-line').last();
  await expect(line).toHaveText('Ada pinned a message');
  await line.getByRole('link', { name: 'a message' }).click();
  await expect(seen).toBeFocused();

  // Bob pins an old one from its own page, and Ada's pane, which is open, has it first.
  await openPins(ada.page);
  await expect(pane(ada.page).getByRole('listitem')).toHaveCount(1);
  await bob.call('PUT', `/api/channels/${general.id}/messages/${number}/pin`);
  const pins = pane(ada.page).getByRole('listitem');
  await expect(pins).toHaveText([/checklist.*Pinned by Bob/s, /door code.*Pinned by you/s]);
  await expect(pins.first().getByRole('link', { name: 'https://wiki.example/4.2' })).toBeVisible();
  await expectNothingFound(ada.page);
  await pins.first().getByRole('link', { name: 'Jump to the message by Ada' }).click();
  const first = chat(ada.page).number(number);
  await expect(first).toBeInViewport();
  await expect(first).toBeFocused();
  await expect(mark(first)).toHaveText('Pinned by Bob');

  await pins.first().getByRole('button', { name: 'Unpin' }).click();
  await expect(pins).toHaveCount(1);
  await expect(mark(first)).toHaveCount(0);
  await shell(ada.page).flash('Unpinned.').getByRole('button', { name: 'Undo' }).click();
  await expect(pins).toHaveCount(2);
  await expect(mark(first)).toHaveText('Pinned by you');
});

test('who slept through a pin has it when the network is back', async ({ person }) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  const general = await ada.createChannel('general');
  await bob.join(general);
  const one = await ada.post(general, 'one');
  const two = await ada.post(general, 'two');
  await bob.open(general);
  await expect(chat(bob.page).row('two')).toBeVisible();
  await bob.call('PUT', `/api/channels/${general.id}/messages/${two.number}/saved`, { note: '' });
  await expect(mark(chat(bob.page).row('two'))).toHaveText('Saved');
  await bob.page.context().setOffline(true);
  await ada.call('PUT', `/api/channels/${general.id}/messages/${one.number}/pin`);
  await ada.call('PUT', `/api/channels/${general.id}/messages/${two.number}/pin`);
  await bob.page.context().setOffline(false);
  await expect(mark(chat(bob.page).row('one'))).toHaveText('Pinned by Ada');
  await expect(mark(chat(bob.page).row('two'))).toHaveText('Pinned by Ada · Saved');
});

test('one saves by button and by key, for oneself alone; the page has it with a note, and gives it back', async ({
  person,
}) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  const general = await ada.createChannel('general');
  await bob.join(general);
  const { number } = await ada.post(general, 'first thought');
  await ada.post(general, 'second thought');
  await ada.open(general);
  await bob.open(general);
  const { page } = bob;
  const other = await bob.context.newPage();
  await other.goto(page.url());
  await expect(chat(other).row('first')).toBeVisible();
  await press(page, chat(page).row('first'), 'Save');
  for (const shown of [page, other]) await expect(mark(chat(shown).row('first'))).toHaveText('Saved');
  await expect(mark(chat(ada.page).row('first'))).toHaveCount(0);
  await chat(page).row('second').focus();
  await page.keyboard.press('s');
  // It is shown before it is stored; the other window hears of it afterwards.
  for (const shown of [page, other]) await expect(mark(chat(shown).row('second'))).toHaveText('Saved');
  // It is there in the first view, without the app.
  await page.reload();
  await expect(mark(chat(page).row('second'))).toHaveText('Saved');

  await shell(page).side.getByRole('link', { name: 'Saved' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Saved' })).toBeVisible();
  await expect(page).toHaveTitle(/Saved/);
  const hits = page.getByRole('main').getByRole('listitem');
  await expect(hits).toHaveText([/Ada.*#general.*second/s, /Ada.*#general.*first/s]);
  await hits.first().getByRole('button', { name: 'Add a note' }).click();
  await expect(page.getByRole('textbox', { name: 'Note' })).toBeFocused();
  await page.keyboard.type('ask on Monday');
  await page.getByRole('button', { name: 'Save note' }).click();
  await expect(hits.first()).toContainText('ask on Monday');
  await expect(hits.first().getByRole('button', { name: 'Change the note' })).toBeFocused();
  await expectNothingFound(page);

  await hits.first().getByRole('button', { name: 'Take out' }).click();
  await expect(hits).toHaveCount(1);
  await expect(mark(chat(other).row('second'))).toHaveCount(0);
  await shell(page).flash('Removed from saved.').getByRole('button', { name: 'Undo' }).click();
  await expect(hits).toHaveText([/second.*ask on Monday/s, /first/]);
  await ada.call('DELETE', `/api/channels/${general.id}/messages/${number}`);
  await expect(hits.last()).toContainText('A message in #general that was deleted since');
  await expect(hits.last().getByRole('link')).toHaveCount(0);
  await hits.first().getByRole('link', { name: 'Open' }).click();
  await expect(chat(page).row('second')).toBeFocused();
});

test('a long list of what is saved comes in parts', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  for (let number = 1; number <= 60; number += 1) {
    await ada.post(general, `saved ${number}`);
    await ada.call('PUT', `/api/channels/${general.id}/messages/${number}/saved`, { note: '' });
  }
  await ada.page.goto('/saved');
  const hits = ada.page.getByRole('main').getByRole('listitem');
  await expect(hits).toHaveCount(50);
  await ada.page.getByRole('button', { name: 'Show more' }).click();
  await expect(hits).toHaveCount(60);
  await expect(hits.last()).toContainText('saved 1');
});

test('where one may not pin nothing offers it: hosts alone, locked, muted, read only', async ({ person }) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  const general = await ada.createChannel('general');
  await bob.join(general);
  await ada.post(general, 'read this');
  await ada.open(general);
  await bob.open(general);
  const { page } = bob;
  const row = chat(page).row('read this');
  const { item, menu } = messageMenu(page);
  const offersPin = async (count: 0 | 1): Promise<void> => {
    await row.hover();
    await row.getByRole('button', { name: 'More actions' }).click();
    await expect(item('Save')).toBeVisible();
    await expect(item('Pin to #general')).toHaveCount(count);
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
  };
  await offersPin(1);

  await ada.page.getByRole('button', { name: 'Channel options' }).click();
  await ada.page.getByRole('menuitem', { name: 'Details' }).click();
  await ada.page.getByRole('combobox', { name: 'Who pins' }).selectOption('Hosts');
  await expect(ada.page.getByRole('combobox', { name: 'Who pins' })).toHaveValue('hosts');
  await page.reload();
  await offersPin(0);
  await row.focus();
  await page.keyboard.press('p');
  await expect(mark(row)).toHaveCount(0);
  const own = chat(ada.page).row('read this');
  await messageMenu(ada.page).choose(own, 'Pin to #general');
  await expect(mark(row)).toHaveText('Pinned by Ada');
  // Bob sees what is pinned, and cannot take it down.
  await openPins(page);
  await expect(pane(page).getByRole('listitem')).toHaveCount(1);
  await expect(pane(page).getByRole('button', { name: 'Unpin' })).toHaveCount(0);

  await ada.call('PATCH', `/api/channels/${general.id}`, { hosts_pin: false });
  await expect(pane(page).getByRole('button', { name: 'Unpin' })).toBeVisible();
  await ada.call('PATCH', `/api/channels/${general.id}`, { locked: true });
  await expect(pane(page).getByRole('button', { name: 'Unpin' })).toHaveCount(0);
});

test('a refused pin is taken back and says why', async ({ person }) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  bob.watch.announce(/status of 403/);
  const general = await ada.createChannel('general');
  await bob.join(general);
  await ada.post(general, 'read this');
  await bob.open(general);
  const row = chat(bob.page).row('read this');
  await expect(row).toBeVisible();
  await bob.page.route('**/pin', (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      body: '{"code":"forbidden","detail":"Not you."}',
    }),
  );
  await messageMenu(bob.page).choose(row, 'Pin to #general');
  await expect(shell(bob.page).flash('Not you.')).toBeVisible();
  await expect(mark(row)).toHaveCount(0);
});

test('on a phone the sheet has both, and the pane makes room for the message', async ({ person }) => {
  const ada = await person('Ada', { viewport: PHONE, hasTouch: true });
  const general = await ada.createChannel('general');
  await ada.post(general, 'The ferry leaves at nine');
  for (let i = 1; i <= 40; i += 1) await ada.post(general, `later ${i}`);
  await ada.page.goto('/channel/general/1');
  const { page } = ada;
  const row = chat(page).row('ferry');
  await expect(row).toBeVisible();
  // Its colours are judged as they stay.
  await expect(row).toHaveAttribute('data-found', 'old');
  const sheet = page.getByRole('menu', { name: 'Message actions' });
  for (const name of ['Save', 'Pin to #general']) {
    await row.locator('time button').tap();
    await sheet.getByRole('menuitem', { name, exact: true }).click();
    await expect(sheet).toBeHidden();
  }
  await expect(mark(row)).toHaveText('Pinned by you · Saved');
  await openPins(page);
  await expectNoSidewaysScroll(page);
  await expectNothingInBothThemes(page);
  await pane(page).getByRole('link', { name: /Jump/ }).click();
  await expect(pane(page)).toBeHidden();
  await expect(row).toBeInViewport();
  await page.goto('/saved');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expectNoSidewaysScroll(page);
  await expectNothingInBothThemes(page);
});

test('in Chinese', async ({ person }) => {
  const ada = await person('Ada', { locale: 'zh-CN' });
  const bob = await person('陈思远');
  const general = await ada.createChannel('general');
  await bob.join(general);
  const { number } = await ada.post(general, '词汇表');
  await bob.call('PUT', `/api/channels/${general.id}/messages/${number}/pin`);
  await ada.open(general);
  const row = chat(ada.page).row('词汇表');
  await expect(mark(row)).toHaveText('由 陈思远 置顶');
  await expect(ada.page.getByRole('log').locator('.msg-line').last()).toHaveText('陈思远 置顶了一条消息');
  await messageMenu(ada.page).choose(row, '收藏');
  await expect(mark(row)).toHaveText('由 陈思远 置顶 · 已收藏');
  await shell(ada.page).side.getByRole('link', { name: '收藏' }).click();
  await expect(ada.page.getByText('此列表仅您可见。')).toBeVisible();
});

test('without script there is a simple list of what is saved, and pages say who pinned', async ({
  person,
  visitor,
}) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'with **marks**');
  await ada.call('PUT', `/api/channels/${general.id}/messages/1/pin`);
  await ada.call('PUT', `/api/channels/${general.id}/messages/1/saved`, { note: 'for Monday' });
  const plain = await visitor({ javaScriptEnabled: false, storageState: await ada.context.storageState() });
  await plain.page.goto('/saved');
  const item = plain.page.getByRole('listitem').filter({ hasText: 'for Monday' });
  await expect(item).toContainText('#general');
  await expect(item.locator('strong')).toHaveText('marks');
  await item.getByRole('link').first().click();
  await expect(plain.page.locator('.msg-c', { hasText: 'Pinned by you' })).toBeVisible();
});
