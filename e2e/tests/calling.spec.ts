/** Calling people: chips, counts, the list behind `@`, and the question before everybody is told. */
import type { Locator, Page } from '@playwright/test';
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, shell, ZH } from '../support/screen';
import { expect, test } from '../support/test';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

function list(page: Page) {
  const box = page.getByRole('listbox');
  return { box, options: box.getByRole('option'), chosen: box.getByRole('option', { selected: true }) };
}

/** What the composer says and offers before a message calls everybody. */
function question(page: Page) {
  const form = page.getByRole('main').locator('form.composer');
  return {
    note: form.getByRole('alert'),
    tell: form.getByRole('button', { name: /^Tell \d+ people$|^通知 \d+ 人$/ }),
    keep: form.getByRole('button', { name: /^Keep writing$|^继续编辑$/ }),
  };
}

const chip = (row: Locator, name: string): Locator => row.locator('.at').filter({ hasText: name });

test('a mention is counted where it calls, and stands out until and after it is read', async ({ person, voice }) => {
  const [rain, ada] = [await person('Rain'), await voice('Ada')];
  const [general, quiet] = [await ada.createChannel('general'), await ada.createChannel('quiet')];
  for (const channel of [general, quiet]) await rain.join(channel);
  const { page } = rain;
  await rain.open(quiet);
  const icon = page.locator('link[rel=icon]');
  await expect(icon).toHaveAttribute('href', '/favicon.svg');
  const side = shell(page).side.getByRole('link', { name: /general/ });
  await ada.post(general, 'nobody in particular');
  await expect(side).toContainText('1 unread');
  await expect(page).toHaveTitle(/^#quiet/);
  const called = await ada.post(general, '**@rain**, see `@Rain` and @Ada');
  await ada.post(general, '@all lunch');
  await expect(side).toContainText('@2');
  await expect(side).toContainText('2 mentions, 3 unread');
  await expect(page).toHaveTitle(/^\(2\) #quiet/);
  // With a dot.
  await expect(icon).toHaveAttribute('href', /^\/assets\/called-.+\.svg$/);
  await ada.call('DELETE', `/api/channels/${general.id}/messages/${called.number + 1}`);
  await expect(side).toContainText('@1');
  await expect(page).toHaveTitle(/^\(1\) #quiet/);
  await side.click();
  const row = chat(page).number(called.number);
  await expect(row).toHaveClass(/msg-call/);
  await expect(row).toContainText('mentions you');
  await expect(row.locator('.at')).toHaveText(['@rain', '@Ada']);
  await expect(row.locator('code')).toHaveText('@Rain');
  await expect(chip(row, '@rain')).toHaveClass(/at-me/);
  await expect(chip(row, '@Ada')).not.toHaveClass(/at-me/);
  await expect(page).toHaveTitle(/^#general/);
  await expect(icon).toHaveAttribute('href', '/favicon.svg');
  await expect(side).not.toContainText('@');
  // The page as it comes from the server has the same, and so has the app after it.
  await page.reload();
  await expect(chip(chat(page).number(called.number), '@rain')).toHaveClass(/at-me/);
  // The chip shows what was typed, the card the name of now.
  await chip(row, '@Ada').click();
  await expect(page.getByRole('dialog', { name: 'Profile of Ada' })).toBeVisible();
  await page.keyboard.press('Escape');
  await row.focus();
  for (let presses = 0; presses < 6; presses += 1) {
    if (await chip(row, '@Ada').evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Profile of Ada' })).toBeVisible();
});

test('the list behind @ finds people by the beginnings of names and by Pinyin', async ({ person, voice }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  const [zhang, zhao] = [await voice('张三'), await voice('赵爽')];
  const zsofia = await voice('Zsófia Kovács');
  await voice('朱珊');
  for (const one of [zhang, zhao, zsofia]) await one.join(general);
  await zhao.post(general, 'hello');
  await ada.open(general);
  const { page } = ada;
  const { box: field, row } = chat(page);
  const { box, options, chosen } = list(page);
  await field.pressSequentially('还有一件事，@zs');
  await expect(options).toHaveText([/^赵\s*赵爽\s*zhao shuang$/, /Zsófia Kovács/, /张三\s*zhang san$/, /朱珊\s*zhu shan$/]);
  await expect(box.getByRole('group')).toHaveCount(2);
  await expect(box.getByRole('group', { name: 'Not in this channel' }).getByRole('option')).toHaveCount(1);
  await expect(options.first().locator('b')).toHaveText(['z', 's']);
  await field.press('Backspace');
  await field.pressSequentially('hang s');
  await expect(options).toHaveText([/张三/]);
  await expect(chosen).toHaveText(/张三/);
  await field.press('Enter');
  await expect(field).toHaveValue('还有一件事，@张三 ');
  await field.pressSequentially('好');
  await field.press('Shift+Enter');
  await expect(row('还有一件事')).toHaveAttribute('data-state', 'sent');
  await expect(chip(row('还有一件事'), '@张三')).toBeVisible();
  // A mailbox calls nobody, and the list opens with nothing but the sign.
  await field.pressSequentially('mail ada@z');
  await expect(box).toBeHidden();
  await field.fill('');
  await page.getByRole('button', { name: 'Mention somebody' }).click();
  await expect(options.first()).toBeVisible();
  await expect(options.last()).toHaveText(/all\s*tells 3 people/);
  await expect(chosen).toHaveCount(0);
  await field.press('Escape');
  await expect(box).toBeHidden();
});

test('in Chinese, with an input method', async ({ person, voice }) => {
  const ada = await person('Ada', { locale: 'zh-CN' });
  const general = await ada.createChannel('general');
  for (const name of ['张三', '李四']) await (await voice(name)).join(general);
  await ada.open(general);
  const { page } = ada;
  const { box: field, row } = chat(page, ZH);
  const { box, options, chosen } = list(page);
  const session = await page.context().newCDPSession(page);
  await field.pressSequentially('请@');
  await session.send('Input.imeSetComposition', { text: 'zhang', selectionStart: 5, selectionEnd: 5 });
  await expect(field).toHaveValue('请@zhang');
  await session.send('Input.insertText', { text: '张' });
  await expect(field).toHaveValue('请@张');
  await expect(chosen).toHaveText(/张三/);
  await expect(box).toHaveAccessibleName('#general 的成员');
  await field.press('Tab');
  await expect(field).toHaveValue('请@张三 ');
  await field.fill('');
  await field.pressSequentially('@suo');
  await expect(options).toHaveText([/所有人\s*通知 2 人/]);
  await field.press('Enter');
  await expect(field).toHaveValue('@所有人 ');
  await field.pressSequentially('开会');
  await field.press('Shift+Enter');
  // Two people are told without a question.
  await expect(chip(row('开会'), '@所有人')).toBeVisible();
});

for (const [where, options] of [
  ['on a wide screen', {}],
  ['on a phone', PHONE],
] as const) {
  test(`before many people are told the composer asks, ${where}`, async ({ person, voice }) => {
    const ada = await person('Ada', options);
    const general = await ada.createChannel('general');
    for (let number = 1; number <= 6; number += 1) await (await voice(`Bob ${number}`)).join(general);
    await ada.open(general);
    const { page } = ada;
    const { box: field, row, send, rows } = chat(page);
    const { note, tell, keep } = question(page);
    await field.fill('mail all@all.example, not `@all`');
    await send.click();
    await expect(row('not')).toHaveAttribute('data-state', 'sent');
    await field.fill('@all fire drill');
    await send.click();
    await expect(note).toHaveText('@all tells 6 people.');
    await expect(tell).toBeVisible();
    await expect(rows).toHaveCount(1);
    await expectNoSidewaysScroll(page);
    if (where === 'on a phone') {
      const [form, button] = [await page.locator('form.composer').boundingBox(), await tell.boundingBox()];
      expect((button?.width ?? 0) / (form?.width ?? 1)).toBeGreaterThan(0.9);
    }
    await keep.click();
    await expect(note).toBeHidden();
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('@all fire drill');
    await send.click();
    await expect(note).toBeVisible();
    await field.press('Escape');
    await expect(note).toBeHidden();
    await send.click();
    // Whoever writes on is not asked yet.
    await field.pressSequentially('!');
    await expect(note).toBeHidden();
    await send.click();
    await tell.click();
    await expect(row('fire drill!')).toHaveAttribute('data-state', 'sent');
    await expect(note).toBeHidden();
  });
}

test('the key that asked does not also answer, as long as it is held', async ({ person, voice }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  for (let number = 1; number <= 6; number += 1) await (await voice(`Bob ${number}`)).join(general);
  await ada.open(general);
  const { page } = ada;
  const { box: field, row, rows } = chat(page);
  await field.fill('@here lunch');
  await field.focus();
  await page.keyboard.down('Shift');
  await page.keyboard.down('Enter');
  await expect(question(page).note).toBeVisible();
  await page.keyboard.down('Enter');
  await page.keyboard.down('Enter');
  await expect(question(page).note).toBeVisible();
  await expect(rows).toHaveCount(0);
  await page.keyboard.up('Enter');
  await page.keyboard.down('Enter');
  await expect(row('lunch')).toHaveAttribute('data-state', 'sent');
  await page.keyboard.up('Enter');
  await page.keyboard.up('Shift');
});

test('whoever calls somebody who is not in a private channel is told, and can add them', async ({ person, voice }) => {
  const [ada, zoe] = [await person('Ada'), await voice('Zoe')];
  const secret = await ada.call<{ id: number; name: string }>('POST', '/api/channels', { name: 'secret', kind: 'private' });
  const { page } = ada;
  await page.goto(`/c/${secret.id}`);
  const { box: field, row } = chat(page);
  await field.pressSequentially('@zo');
  await expect(list(page).options).toHaveText([/Zoe/]);
  await field.press('Enter');
  const note = page.getByRole('status').filter({ hasText: 'they cannot read this: Zoe' });
  await expect(note).toBeVisible();
  await note.getByRole('button', { name: 'Add' }).click();
  await expect(note).toBeHidden();
  await expect(field).toBeFocused();
  await field.pressSequentially('hello');
  await field.press('Shift+Enter');
  await expect(row('hello')).toHaveAttribute('data-state', 'sent');
  expect(await zoe.messages(secret)).toHaveLength(1);
});

test('who may use @all is a setting of the place', async ({ person, voice, server }) => {
  const owner = await person('Olga');
  await owner.setPassword('correct horse');
  server.giveRole('Olga', 'owner');
  const general = await owner.createChannel('general');
  const ada = await person('Ada');
  await ada.join(general);
  for (const name of ['Bob', 'Ben']) await (await voice(name)).join(general);
  await ada.open(general);
  const { box: field, row } = chat(ada.page);
  await field.pressSequentially('@al');
  await expect(list(ada.page).options).toHaveText([/all\s*tells 3 people/]);
  await owner.page.goto('/people/entry');
  await owner.page.getByLabel('Who may use @all').selectOption('Hosts of the channel, moderators and owners');
  await owner.page.getByRole('button', { name: 'Save changes' }).click();
  await expect(shell(owner.page).flash('Saved.')).toBeVisible();
  await ada.page.reload();
  await field.fill('');
  await field.pressSequentially('@al');
  await expect(field).toHaveValue('@al');
  await field.pressSequentially('l lunch');
  await field.press('Shift+Enter');
  await expect(row('lunch')).toHaveAttribute('data-state', 'sent');
  await expect(row('lunch').locator('.at')).toHaveCount(0);
  await expect(list(ada.page).box).toBeHidden();
});
