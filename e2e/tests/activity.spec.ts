/** What concerns somebody, in one list and as a number; and how much of a channel they want to be told of. */
import AxeBuilder from '@axe-core/playwright';
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, editing, messageMenu, shell } from '../support/screen';
import { expect, test } from '../support/test';

const PHONE = { width: 390, height: 844 };
const NETWORK = /ERR_INTERNET_DISCONNECTED|WebSocket|Failed to load resource/;

test('who calls somebody, and who reacts to what they wrote, is in one list; what is new is counted', async ({
  person,
  voice,
}) => {
  const [rain, ada] = [await person('Rain'), await voice('Ada')];
  const general = await ada.createChannel('general');
  const quiet = await ada.createChannel('quiet');
  for (const channel of [general, quiet]) await rain.join(channel);
  const { page } = rain;
  const early = await ada.post(general, 'a first draft');
  const own = await rain.post(general, 'tea is ready');
  await rain.open(quiet);
  const entry = shell(page).side.getByRole('link', { name: /^Activity/ });
  const called = await ada.post(general, '@Rain look at **this**');
  await ada.post(general, '@all lunch');
  await expect(entry).toHaveText(/2\s*2 new calls for you$/);
  for (const emoji of ['👍', '🎉'])
    await ada.call('PUT', `/api/channels/${general.id}/messages/${own.number}/reactions/${encodeURIComponent(emoji)}`);
  await entry.click();
  await expect(page).toHaveURL(/\/activity$/);
  await expect(page).toHaveTitle(/^\(2\) Activity/);
  const rows = page.getByRole('main').getByRole('article');
  await expect(rows).toHaveText([
    /Ada.*reacted with 👍 🎉 to your message in #general.*tea is ready/s,
    /Ada.*told everyone in #general.*New.*@all lunch/s,
    /Ada.*mentioned you in #general.*New.*look at this/s,
  ]);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  // An edit calls them in what they have read already: it is new here, and nowhere else.
  await rain.call('PUT', `/api/channels/${general.id}/read`, { number: own.number });
  await ada.call('PATCH', `/api/channels/${general.id}/messages/${early.number}`, { text: 'a first draft, @Rain' });
  await expect(rows.first()).toContainText('a first draft, @Rain');
  await expect(rows.first()).toContainText('New');
  await expect(entry).toContainText('3 new calls for you');
  await expect(shell(page).side.getByRole('link', { name: /general/ })).toContainText('2 mentions');
  await rows.first().getByRole('button', { name: 'Mark read' }).click();
  await expect(entry).toContainText('2 new calls for you');
  await page.getByRole('switch', { name: 'Unread only' }).check();
  await expect(rows).toHaveText([/@all lunch/, /look at this/]);
  // It leads to its message, and reading that anywhere takes it off.
  await rows.last().getByRole('link', { name: 'Open' }).click();
  await expect(chat(page).number(called.number)).toBeFocused();
  await expect(entry).not.toContainText('new call for you');
  await entry.click();
  await page.getByRole('switch', { name: 'Unread only' }).check();
  await expect(page.getByRole('heading', { name: 'All read' })).toBeVisible();
  await page.getByRole('radio', { name: 'Reactions' }).check();
  await page.getByRole('switch', { name: 'Unread only' }).uncheck();
  await expect(rows).toHaveText([/reacted/]);
  await ada.call('DELETE', `/api/channels/${general.id}/messages/${own.number}/reactions/%F0%9F%91%8D`);
  await expect(rows).toContainText('reacted with 🎉 to');
  await page.getByRole('radio', { name: 'Mentions' }).check();
  await expect(rows).toHaveCount(3);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScroll(page);
  await ada.post(quiet, '@Rain and here');
  await expect(rows).toHaveCount(4);
  await page.getByRole('button', { name: 'Mark all read' }).click();
  await expect(rows.filter({ hasText: 'New' })).toHaveCount(0);
  await rain.call('PATCH', '/api/me/settings', { language: 'zh' });
  await expect(page.getByRole('heading', { level: 1, name: '动态' })).toBeVisible();
  await expect(rows.first()).toContainText('在 #quiet 提到了您');
});

test('a channel of which one wants to hear nothing is quiet until it calls; all windows follow', async ({
  person,
  voice,
}) => {
  const [rain, ada] = [await person('Rain'), await voice('Ada')];
  const general = await ada.createChannel('general');
  const other = await ada.createChannel('other');
  for (const channel of [general, other]) await rain.join(channel);
  const { page } = rain;
  await rain.open(general);
  const second = await rain.context.newPage();
  await second.goto('/channels');
  await page.bringToFront();
  rain.watch.announce(NETWORK);
  await page.getByRole('button', { name: 'Notifications for #general' }).click();
  await expect(page.getByRole('menuitemradio', { name: /^Mentions/ })).toBeChecked();
  await expect(page.getByRole('menuitemradio', { name: /^Mentions/ })).toBeFocused();
  await page.context().setOffline(true);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const side = (of: typeof page) => shell(of).side.getByRole('link', { name: /general/ });
  await expect(side(page).getByRole('img', { name: 'Nothing is told' }), 'shown at once').toBeVisible();
  await page.context().setOffline(false);
  await expect(side(second).getByRole('img', { name: 'Nothing is told' })).toBeVisible();
  await rain.open(other);
  await ada.post(general, 'nobody in particular');
  await ada.post(other, 'a sign');
  await expect(chat(page).row('a sign')).toBeVisible();
  await expect(side(page)).not.toHaveClass(/is-unread/);
  await expect(side(page)).not.toContainText('unread');
  await ada.post(general, '@Rain!');
  await expect(side(page)).toContainText('@1');
  await expect(page, 'the title tells nothing of it').toHaveTitle(/^#other/);
  await page.getByRole('button', { name: 'Notifications for #other' }).click();
  await page.getByRole('menuitemradio', { name: /^Everything/ }).click();
  await side(page).click();
  await expect(page).toHaveTitle(/^#general/);
  await ada.post(other, 'and another one');
  await expect(page, 'each message of it').toHaveTitle(/^\(1\) #general/);
});

test('pins and what is saved work without a network; an edit asks before it calls everybody', async ({
  person,
  voice,
}) => {
  const [ada, bob] = [await person('Ada'), await person('Bob')];
  const general = await ada.createChannel('general');
  await bob.join(general);
  for (const name of ['Cleo', 'Dan', 'Eve', 'Finn', 'Gus']) await (await voice(name)).join(general);
  await ada.post(general, 'the door code');
  await ada.open(general);
  await bob.open(general);
  const { page } = ada;
  const row = chat(page).row('the door code');
  await expect(row).toBeVisible();
  ada.watch.announce(NETWORK);
  await page.context().setOffline(true);
  await messageMenu(page).choose(row, 'Pin to #general');
  await row.focus();
  await page.keyboard.press('s');
  await expect(row.locator('.msg-mark')).toHaveText('Pinned by you · Saved');
  await page.context().setOffline(false);
  await expect(chat(bob.page).row('the door code').locator('.msg-mark')).toHaveText('Pinned by Ada');
  await page.reload();
  await expect(row.locator('.msg-mark')).toHaveText('Pinned by you · Saved');

  await chat(page).box.press('ArrowUp');
  await editing(page).field.fill('the door code, @all');
  await editing(page).field.press('Shift+Enter');
  await expect(editing(page).form.getByRole('alert')).toContainText('@all tells 6 people.');
  await editing(page).field.press('Escape');
  await expect(editing(page).form.getByRole('alert')).toHaveCount(0);
  await editing(page).save.click();
  await editing(page).form.getByRole('button', { name: 'Tell 6 people' }).click();
  await expect(chat(bob.page).row('the door code, @all')).toHaveClass(/msg-call/);
});

test('direct messages and invitations come too; Reply leads to where each is answered', async ({ person, voice }) => {
  const [rain, ada] = [await person('Rain'), await voice('Ada')];
  const { id } = await rain.call<{ id: number }>('GET', '/api/me');
  const draft = { name: 'ops-nights', kind: 'private', people: [id] };
  const ops = await ada.call<{ id: number; name: string }>('POST', '/api/channels', draft);
  const talk = await ada.call<{ id: number; name: string }>('POST', '/api/direct', { people: [id] });
  const { page } = rain;
  await page.goto('/activity');
  const rows = page.getByRole('main').getByRole('article');
  const entry = shell(page).side.getByRole('link', { name: /^Activity/ });
  await expect(rows).toHaveText([/Ada.*added you to #ops-nights.*New/s]);
  await expect(entry).toContainText('1 new call for you');
  await ada.post(talk as never, 'lunch?');
  await expect(rows.first()).toHaveText(/Ada.*wrote to you.*New.*lunch\?/s);
  await expect(entry).toContainText('2 new calls for you');
  await ada.post(ops as never, '@Rain are you there?');
  await expect(rows).toHaveCount(3);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  // A mention is answered in its thread, a direct message in its conversation; being put in is not answered.
  await expect(rows.last().getByRole('button', { name: 'Reply' })).toHaveCount(0);
  await rows.first().getByRole('button', { name: 'Reply' }).click();
  await expect(page.getByRole('textbox', { name: 'Reply in thread' })).toBeFocused();
  await page.keyboard.type('yes');
  // Stored, and not only shown: the newest reply is to be Ada's.
  const stored = page.waitForResponse((answer) => answer.request().method() === 'POST' && answer.ok());
  await page.keyboard.press('Shift+Enter');
  await stored;
  await expect(page.getByRole('complementary').getByText('yes', { exact: true })).toBeVisible();
  await ada.call('POST', `/api/channels/${ops.id}/messages`, { text: 'good', thread: 2 });
  await entry.click();
  await page.getByRole('radio', { name: 'Replies' }).check();
  await expect(rows).toHaveText([/Ada.*replied in a thread in #ops-nights.*New.*good/s]);
  // The invitation, the direct message and the thread.
  await expect(entry).toContainText('3 new calls for you');
  await page.getByRole('radio', { name: 'All' }).check();
  const wrote = rows.filter({ hasText: 'wrote to you' });
  await wrote.getByRole('button', { name: 'Mark read' }).click();
  await expect(wrote).not.toContainText('New');
  await expect(shell(page).side.getByRole('link', { name: /^Ada/ })).not.toContainText('unread');
  // The way to a channel that one was put into takes it off.
  await rows.filter({ hasText: 'added you' }).getByRole('link', { name: 'Open' }).click();
  await expect(page.getByRole('textbox', { name: 'Message #ops-nights' })).toBeVisible();
  await expect(entry).toContainText('1 new call for you');
  await ada.post(talk as never, 'still there?');
  await expect(entry).toContainText('2 new calls for you');
  await entry.click();
  await page.getByRole('button', { name: 'Mark all read' }).click();
  await expect(entry).not.toContainText('new call');
  await expect(rows.filter({ hasText: 'New' })).toHaveCount(0);
  await expect(shell(page).side.getByRole('link', { name: /^Threads/ })).not.toContainText('1');
  await expect(shell(page).side.getByRole('link', { name: /^Ada/ })).not.toContainText('unread');
});
