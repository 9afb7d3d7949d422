/** People for those in charge and for each other: roles, accounts that are deactivated, cards, statuses and pictures. */
import type { Locator, Page } from '@playwright/test';
import { holdAlerts } from '../support/alerts';
import { chat, shell, signIn } from '../support/screen';
import { expect, test } from '../support/test';

const SECRET = 'correct horse battery';
/** A red picture of one pixel. */
const RED = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** The list of members. */
function members(page: Page) {
  const rows = page.getByRole('main').getByRole('row');
  return {
    heading: page.getByRole('heading', { name: /^Members|^成员/ }),
    find: page.getByRole('searchbox', { name: /Find by name|按名称查找/ }),
    rows,
    row: (name: string): Locator => rows.filter({ has: page.getByRole('button', { name, exact: true }) }),
  };
}

test('whoever is deactivated while they type is out, and comes back when the owner says so', async ({
  person,
  server,
}) => {
  const [mei, ada] = [await person('Mei'), await person('Ada')];
  ada.watch.announce(/status of 40[13]/);
  await mei.setPassword(SECRET);
  server.giveRole('Mei', 'owner');
  const general = await ada.createChannel('general');
  await ada.post(general, 'written before');
  await holdAlerts(mei.page);
  await mei.page.goto('/people');
  const { row } = members(mei.page);
  await expect(row('Ada')).toContainText('No password: only their browser gets in');

  await ada.open(general);
  const { box } = chat(ada.page);
  await box.pressSequentially('I was about to s');
  await row('Ada').getByRole('button', { name: 'More for Ada' }).click();
  await mei.page.getByRole('menuitem', { name: 'Deactivate…' }).click();
  const question = mei.page.getByRole('alertdialog', { name: 'Deactivate Ada?' });
  await expect(question.getByRole('button', { name: 'Keep' })).toBeFocused();
  await question.getByRole('button', { name: 'Deactivate' }).click();
  await expect(shell(mei.page).flash('Ada is deactivated.')).toBeVisible();
  await expect(row('Ada')).toContainText('Deactivated by Mei');

  // The composer, the socket and every address are gone.
  await expect(signIn(ada.page).name).toBeVisible();
  await expect(box).toHaveCount(0);
  expect((await ada.context.request.get('/api/me')).status()).toBe(401);
  await signIn(ada.page).name.fill('Ada');
  await signIn(ada.page).join.click();
  await expect(signIn(ada.page).problem).toHaveText('This account is deactivated. Ask the owner or a moderator.');

  await row('Ada').getByRole('button', { name: 'Bring back' }).click();
  await expect(shell(mei.page).flash('Ada can sign in again.')).toBeVisible();
  await signIn(ada.page).join.click();
  await expect(chat(ada.page).row('written before')).toBeVisible();
  await expect(box).toHaveValue('I was about to s');
});

test('an owner finds people and gives them roles, and whoever gets one is told', async ({ person, voice, server }) => {
  const [mei, ada] = [await person('Mei'), await person('Ada')];
  await voice('王小雨');
  await mei.setPassword(SECRET);
  server.giveRole('Mei', 'owner');
  await holdAlerts(mei.page);
  await mei.page.goto('/channels');
  await shell(mei.page).side.getByRole('link', { name: 'People' }).click();
  const { row, rows, find } = members(mei.page);
  await expect(rows).toHaveCount(4);
  await find.fill('小');
  await expect(rows).toHaveCount(2);
  await expect(row('王小雨')).toBeVisible();
  await find.fill('nobody');
  await expect(mei.page.getByText('Nobody is called “nobody”.')).toBeVisible();
  await find.fill('');

  await ada.page.goto('/settings');
  await expect(shell(ada.page).side.getByRole('link', { name: 'People' })).toHaveCount(0);
  await row('Ada').getByRole('combobox', { name: 'Role of Ada' }).selectOption('Moderator');
  await expect(shell(mei.page).flash(/Ada is asked to set a password first/)).toBeVisible();
  const waiting = ada.page.getByText('You were made a moderator. It begins when you set a password.');
  await expect(waiting).toBeVisible();
  await ada.setPassword(SECRET);
  await expect(waiting).toBeHidden();
  await shell(ada.page).side.getByRole('link', { name: 'People' }).click();
  const theirs = members(ada.page);
  // A moderator names nobody, and touches nobody who is in charge.
  const acts = ada.page.getByRole('menuitem', { name: /Deactivate…|Mute everywhere…/ });
  await theirs.row('王小雨').getByRole('button', { name: 'More for 王小雨' }).click();
  await expect(acts).toHaveCount(2);
  await ada.page.keyboard.press('Escape');
  await theirs.row('Mei').getByRole('button', { name: 'More for Mei' }).click();
  await expect(ada.page.getByRole('menuitem', { name: 'Profile' })).toBeVisible();
  await expect(acts).toHaveCount(0);
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.getByRole('combobox', { name: /^Role of/ })).toHaveCount(0);

  // The last owner stays one.
  mei.watch.announce(/status of 409/);
  await row('Mei').getByRole('combobox', { name: 'Role of Mei' }).selectOption('Member');
  const question = mei.page.getByRole('alertdialog', { name: 'Give up being the owner?' });
  await question.getByRole('button', { name: 'Give it up' }).click();
  await expect(shell(mei.page).flash(/owner/)).toBeVisible();
  await expect(row('Mei').getByRole('combobox')).toHaveValue('owner');

  // On a phone the role stands under the name, and the menu gives another one.
  await mei.page.setViewportSize({ width: 390, height: 844 });
  await expect(row('王小雨').getByText('Member · No password')).toBeVisible();
  await row('王小雨').getByRole('button', { name: 'More for 王小雨' }).click();
  await mei.page.getByRole('menuitemradio', { name: 'Guest' }).click();
  await expect(row('王小雨').getByText('Guest · No password')).toBeVisible();
});

test('a status and a picture show on the card of everybody, while they look', async ({ person }) => {
  const [ada, rain] = [await person('Ada'), await person('小雨', { locale: 'zh-CN' })];
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'hello');
  await rain.open(general);
  await holdAlerts(ada.page);
  await ada.page.goto('/settings');
  const name = chat(rain.page).row('hello').getByRole('button', { name: 'Ada' });
  await name.click();
  const card = rain.page.getByRole('dialog', { name: 'Ada 的个人资料' });
  await expect(card).toBeVisible();

  await shell(ada.page).account.click();
  await ada.page.getByRole('menuitem', { name: 'Set a status' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Set a status' });
  await dialog.getByRole('button', { name: 'Lunch' }).click();
  await dialog.getByRole('textbox', { name: 'What are you up to?' }).fill('Noodles');
  await dialog.getByRole('button', { name: 'Set a status' }).click();
  await expect(shell(ada.page).flash('Your status is set.')).toBeVisible();
  await expect(shell(ada.page).account).toContainText('🍜 Noodles');
  await expect(card).toContainText('🍜 Noodles');

  await ada.page.getByRole('textbox', { name: 'About you' }).fill('Ask me about soup.');
  await ada.page.getByRole('combobox', { name: 'Time zone' }).selectOption('Asia/Tokyo');
  await ada.page.getByRole('button', { name: 'Save profile' }).click();
  await expect(card).toContainText('Ask me about soup.');
  await expect(card).toContainText('当地时间');

  const file = { name: 'red.png', mimeType: 'image/png', buffer: Buffer.from(RED, 'base64') };
  await ada.page.locator('#profile input[type=file]').setInputFiles(file);
  await expect(shell(ada.page).flash('Your picture is changed.')).toBeVisible();
  const face = chat(rain.page).row('hello').locator('img.av');
  await expect(face).toHaveAttribute('src', /^\/pictures\/[0-9a-f]{32}\/36$/);
  await expect.poll(() => face.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await rain.page.keyboard.press('Escape');
  await expect(card).toBeHidden();
  await expect(name).toBeFocused();
  await ada.page.getByRole('button', { name: 'Take it away' }).click();
  await expect(face).toHaveCount(0);
});

test('a card comes up from below on a phone, and Back closes it', async ({ person, voice }) => {
  const [rain, ada] = [await person('小雨', { viewport: { width: 390, height: 844 } }), await voice('Ada')];
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'hello');
  await rain.open(general);
  await chat(rain.page).row('hello').getByRole('button', { name: 'Ada' }).click();
  const card = rain.page.getByRole('dialog', { name: 'Profile of Ada' });
  await expect(card).toBeVisible();
  await expect.poll(async () => (await card.boundingBox())?.width).toBe(390);
  const box = await card.boundingBox();
  expect((box?.y ?? 0) + (box?.height ?? 0)).toBe(844);
  await rain.page.goBack();
  await expect(card).toBeHidden();
  await expect(chat(rain.page).row('hello')).toBeVisible();
});
