/** Threads: answering beside the channel, following, what is unread, and the addresses of threads and replies. */
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, messageMenu, shell } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel, Voice } from '../support/voice';

const NETWORK = /ERR_INTERNET_DISCONNECTED|WebSocket connection to|ERR_CONNECTION/;
const PHONE = { width: 390, height: 844 };

/** The pane of a thread. */
function thread(page: Page) {
  const pane = page.getByRole('complementary', { name: /^Thread|^话题/ });
  return {
    pane,
    field: pane.getByRole('textbox', { name: /^Reply in thread$|^在话题中回复$/ }),
    also: pane.getByRole('checkbox', { name: /^Also send to|^同时发送到/ }),
    row: (text: string): Locator => pane.getByRole('article').filter({ hasText: text }),
    replies: pane.getByRole('log').getByRole('article'),
    close: pane.getByRole('button', { name: /^Close thread$|^关闭话题$/ }),
  };
}

/** What stands under a message that begins a thread. */
const under = (row: Locator): Locator => row.getByRole('link', { name: /repl(y|ies)|条回复/ });
const inChannel = (page: Page): Locator => page.getByRole('log', { name: /^Messages in|的消息/ });
const threadsLink = (page: Page): Locator => shell(page).side.getByRole('link', { name: /^Threads|^话题/ });

async function reply(who: Voice, { id }: Channel, root: number, text: string, also = false): Promise<number> {
  const { number } = await who.call<{ number: number }>('POST', `/api/channels/${id}/messages`, {
    text,
    thread: root,
    also,
  });
  return number;
}

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
}

test('a message is answered beside the channel, by keyboard; the others see who, how much, and what of it is new', async ({
  person,
}) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  const general = await ada.createChannel('general');
  await bob.join(general);
  const root = await ada.post(general, 'Saturday sailings are missing');
  await bob.post(general, 'something else');
  await ada.open(general);
  await bob.open(general);

  // Bob answers by the keys alone, with a draft that waits for him.
  const asked = inChannel(bob.page).getByRole('article').filter({ hasText: 'Saturday' });
  await asked.focus();
  await bob.page.keyboard.press('t');
  const his = thread(bob.page);
  await expect(his.field).toBeFocused();
  await expect(bob.page).toHaveURL(new RegExp(`/channel/general/${root.number}\\?thread$`));
  await expect(his.pane.getByText('No replies yet')).toBeVisible();
  await bob.page.keyboard.type('the holiday table wins');
  await bob.page.keyboard.press('Escape');
  await expect(his.pane).toBeHidden();
  await expect(asked).toBeFocused();
  await expect(bob.page).toHaveURL(/\/channel\/general$/);
  await expect(chat(bob.page).box).toHaveValue('');
  await bob.page.keyboard.press('t');
  await expect(his.field).toHaveValue('the holiday table wins');
  await his.field.press('Shift+Enter');
  await expect(his.replies).toHaveText([/the holiday table wins/]);
  await expect(his.field).toHaveValue('');
  await expect(inChannel(bob.page).getByText('the holiday table wins')).toHaveCount(0);
  for (const more of ['as last year', 'and the year before']) await reply(bob, general, root.number, more);

  // Ada wrote what he answers, so she follows it: that is new to her, and in the channel nothing is.
  const hers = thread(ada.page);
  const begins = inChannel(ada.page).getByRole('article').filter({ hasText: 'Saturday' });
  await expect(under(begins)).toHaveText(/3 replies\s*3 new\s*Last reply today at/);
  await expect(threadsLink(ada.page)).toHaveAccessibleName(/1 thread with unread replies/);
  await under(begins).click();
  await expect(hers.row('holiday table')).toBeVisible();
  await expect(threadsLink(ada.page)).toHaveAccessibleName('Threads');
  await expect(under(begins)).not.toContainText('new');
  await expect.poll(() => bobsFollow(ada, general)).toMatchObject([{ root: root.number, unread: 0 }]);
  await expectNoViolations(ada.page);

  // A reply to all: in the channel it says where it belongs, and leads there.
  await hers.field.fill('That also explains New Year');
  await hers.also.check();
  await hers.field.press('Shift+Enter');
  const told = inChannel(bob.page).getByRole('article').filter({ hasText: 'New Year' });
  await expect(told.getByRole('link', { name: 'In a thread' })).toBeVisible();
  await expect(hers.also).not.toBeChecked();
  await expect(his.replies).toHaveText([/holiday table/, /last year/, /before/, /In the channel too.*New Year/s]);

  // What is done with a message is done with a reply.
  await messageMenu(ada.page).choose(hers.row('New Year'), /^Edit message/);
  await hers.pane.getByRole('form', { name: 'Edit message' }).getByRole('textbox').fill('That explains last New Year');
  await hers.pane.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(told).toContainText('That explains last New Year');
  await his.row('New Year').hover();
  await his.row('New Year').getByRole('button', { name: 'Add reaction' }).click();
  await bob.page.getByRole('menuitemcheckbox', { name: 'Thumbs up' }).click();
  await expect(hers.row('New Year').locator('[data-emoji="👍"]')).toHaveText('👍 1');
  await messageMenu(ada.page).choose(begins, /^Delete/);
  await ada.page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  // Its replies stay.
  const gone = inChannel(bob.page).getByRole('article').filter({ hasText: 'Ada deleted a message' });
  await expect(under(gone)).toHaveText(/4 replies/);
  await expect(his.replies).toHaveCount(4);
  await his.close.click();
  await expect(his.pane).toBeHidden();
});

function bobsFollow(who: Voice, { id }: Channel): Promise<readonly { root: number; unread: number }[]> {
  return who
    .call<{ follows: { channel: number; root: number; unread: number }[] }>('GET', '/api/me/follows')
    .then(({ follows }) =>
      follows.filter(({ channel }) => channel === id).map(({ root, unread }) => ({ root, unread })),
    );
}

test('a reply that is written without a connection goes out later, and its thread leads back and forth', async ({
  person,
}) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  const general = await bob.createChannel('general');
  await ada.join(general);
  const root = await bob.post(general, 'Who has the key?');
  const first = await reply(bob, general, root.number, 'not me');
  for (let i = 0; i < 70; i += 1) await reply(bob, general, root.number, `guess ${i}`);
  await ada.page.goto(`/channel/general/${root.number}?thread`);
  const hers = thread(ada.page);
  await expect(hers.row('guess 69')).toBeInViewport();
  await hers.pane.getByRole('button', { name: 'Follow this thread' }).click();
  await expect(hers.pane.getByRole('button', { name: 'Stop following' })).toHaveAttribute('aria-pressed', 'true');

  ada.watch.announce(NETWORK);
  await ada.context.setOffline(true);
  await hers.field.fill('it is in the drawer');
  await hers.field.press('Shift+Enter');
  await expect(hers.row('in the drawer')).toHaveAttribute('data-state', 'pending');
  await expect(inChannel(ada.page).getByText('in the drawer')).toHaveCount(0);
  await reply(bob, general, root.number, 'said meanwhile');
  await ada.context.setOffline(false);
  await expect(hers.row('in the drawer')).toHaveAttribute('data-state', 'sent');
  await expect(hers.row('said meanwhile')).toBeVisible();

  // Older replies come on the way up, to the very first.
  await hers.row('said meanwhile').focus();
  await ada.page.keyboard.press('Home');
  await expect(hers.row('not me')).toBeVisible();

  // The address of a reply leads into its thread, marked.
  await ada.page.goto(`/channel/general/${first}`);
  await expect(hers.row('not me')).toHaveAttribute('data-found', /new|old/);
  await expect(hers.row('not me')).toBeInViewport();
  await expect(ada.page).toHaveURL(new RegExp(`/channel/general/${root.number}\\?thread`));
});

test('Threads lists what one follows, unread first; in Chinese and on a phone the thread fills the screen', async ({
  person,
  voice,
}) => {
  const ada = await person('Ada', { viewport: PHONE, hasTouch: true, locale: 'zh-CN' });
  const bob = await voice('Bob');
  const general = await bob.createChannel('general');
  await ada.join(general);
  await ada.page.goto('/threads');
  await expect(ada.page.getByRole('heading', { name: '还没有话题' })).toBeVisible();
  const [read, unread] = [await ada.post(general, '早班船几点？'), await ada.post(general, '谁有钥匙？')];
  await reply(bob, general, unread.number, '我有');
  await reply(bob, general, read.number, '六点');
  await reply(bob, general, read.number, '周六七点');
  const cards = ada.page.getByRole('article', { name: '#general 中的话题' });
  await expect(cards).toHaveText([/早班船.*2.*六点.*周六七点/s, /谁有钥匙.*1.*我有/s]);
  await cards.first().getByRole('button', { name: '标为已读' }).click();
  // What is read goes below what is not.
  await expect(cards).toHaveText([/谁有钥匙/, /早班船/]);
  await expectNoViolations(ada.page);
  await expectNoSidewaysScroll(ada.page);
  await ada.page.getByRole('switch', { name: '仅看未读' }).check();
  await expect(cards).toHaveCount(1);

  await cards.first().getByRole('link', { name: '在话题中回复' }).click();
  const hers = thread(ada.page);
  await expect(hers.row('我有')).toBeVisible();
  expect(await hers.pane.boundingBox()).toEqual({ x: 0, y: 0, ...PHONE });
  await expectNoViolations(ada.page);
  await expectNoSidewaysScroll(ada.page);
  await hers.field.fill('谢谢');
  await hers.pane.getByRole('button', { name: '发送' }).click();
  await expect(hers.row('谢谢')).toHaveAttribute('data-state', 'sent');
  await hers.pane.getByRole('button', { name: '返回 #general' }).click();
  await expect(hers.pane).toBeHidden();
  await expect(under(inChannel(ada.page).getByRole('article').filter({ hasText: '谁有钥匙' }))).toHaveText(/2 条回复/);

  // Where hosts write and all answer in threads, the channel is shut and the thread is open.
  await bob.call('PATCH', `/api/channels/${general.id}`, { posting: 'open_threads' });
  await expect(ada.page.getByText('您可以回应，也可以在话题中回复。')).toBeVisible();
  await under(inChannel(ada.page).getByRole('article').filter({ hasText: '谁有钥匙' })).click();
  await expect(hers.field).toBeVisible();
  await expect(hers.also).toBeHidden();
});

test('typing is seen in the thread that it is for; a reply is unread again by a key, and G leads to the threads', async ({
  person,
}) => {
  const ada = await person('Ada');
  const bob = await person('Bob');
  const general = await ada.createChannel('general');
  await bob.join(general);
  const [root, other] = [await ada.post(general, 'the timetable'), await bob.post(general, 'the posters')];
  for (const text of ['one', 'two', 'three']) await reply(bob, general, root.number, text);
  await reply(ada, general, other.number, 'seen');
  for (const who of [ada, bob]) await who.page.goto(`/channel/general/${root.number}?thread`);
  const [hers, his] = [thread(ada.page), thread(bob.page)];
  await expect(hers.replies).toHaveCount(3);

  // Bob types in the thread: Ada sees it there, and not in the channel, until his reply is there.
  const line = hers.pane.locator('.typing');
  await expect(async () => {
    await his.field.press('a');
    await expect(line).toHaveText('Bob is typing', { timeout: 1_000 });
  }).toPass();
  await expect(ada.page.locator('.pane > .foot .typing')).toHaveText('');
  await expectNoViolations(ada.page);
  await his.field.press('Shift+Enter');
  await expect(hers.replies).toHaveCount(4);
  await expect(line).toHaveText('');

  // A reply is quoted in the thread; what a channel is called of which Bob's window has not heard becomes a link.
  await ada.createChannel('lost and found');
  await his.row('one').focus();
  await bob.page.keyboard.press('q');
  await expect(his.field).toBeFocused();
  await his.field.fill('see #lost and found');
  await his.field.press('Shift+Enter');
  const quoting = hers.row('see #lost and found');
  await expect(quoting.getByRole('link', { name: /Bob.*one/s })).toBeVisible();
  await expect(his.row('see #lost').getByRole('link', { name: '#lost and found' })).toBeVisible();

  // Ada has read all of it. From the second reply on it is unread again, though it is on her screen.
  const entry = threadsLink(ada.page);
  await expect(entry).toHaveText('Threads');
  await hers.row('two').focus();
  await ada.page.keyboard.press('u');
  await expect(hers.pane.getByText(/^New since/)).toBeVisible();
  await expect(entry).toContainText('1 thread with unread replies');
  // The root is no reply: its menu does not offer that.
  await hers.row('the timetable').focus();
  await ada.page.keyboard.press('Enter');
  await expect(messageMenu(ada.page).item('Copy link')).toBeVisible();
  await expect(messageMenu(ada.page).item(/^Mark unread/)).toHaveCount(0);
  await ada.page.keyboard.press('Escape');

  // From a message, the letters behind G are no keys of the message.
  await hers.row('two').focus();
  await ada.page.keyboard.press('g');
  await ada.page.keyboard.press('t');
  await expect(ada.page).toHaveURL(/\/threads$/);
  const cards = ada.page.getByRole('main').getByRole('article');
  await expect(cards).toHaveCount(2);
  await expect(cards.first()).toContainText('4 new');
  await ada.page.getByRole('radio', { name: 'Mine' }).check();
  await expect(cards).toHaveText([/the timetable/]);
  await expectNoViolations(ada.page);
  // Back to all of them; while they are asked for, what chooses the part stays where it is, and keeps the focus.
  const following = ada.page.getByRole('radio', { name: 'Following' });
  await following.press('Space');
  await expect(cards).toHaveCount(2);
  await expect(following).toBeChecked();
  await expect(following).toBeFocused();
  for (const [key, address] of [
    ['s', '/saved'],
    ['a', '/activity'],
  ] as const) {
    await ada.page.keyboard.press('g');
    await ada.page.keyboard.press(key);
    await expect(ada.page).toHaveURL(new RegExp(`${address}$`));
  }
  // The details come and go by a key, and none of these is one any more where letters are turned off.
  await ada.open(general);
  const details = ada.page.getByRole('complementary');
  await inChannel(ada.page).getByRole('article').last().focus();
  await ada.page.keyboard.press('i');
  await expect(details).toBeVisible();
  // From what else the pane shows, the key leads to them, and the focus stays in the pane.
  await details.getByRole('button', { name: 'Members' }).click();
  const [find, member] = [details.getByRole('searchbox', { name: 'Find a member' }), details.locator('.mem')];
  await expect(member).toHaveCount(2);
  await expect(details.locator('h3 .num')).not.toHaveCount(0);
  // A part of the members is not called all of them.
  await find.fill('Bob');
  await expect(member).toHaveCount(1);
  await expect(details.locator('h3 .num')).toHaveCount(0);
  await details.getByRole('button', { name: 'Bob', exact: true }).last().focus();
  await ada.page.keyboard.press('i');
  await expect(details.getByRole('heading', { name: /^Details/ })).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(details).toBeHidden();
  await ada.page.goto('/settings');
  await ada.page.getByRole('switch', { name: 'Single-letter keys' }).uncheck();
  await ada.page.locator('h1').click();
  await ada.page.keyboard.press('g');
  await ada.page.keyboard.press('t');
  await ada.page.keyboard.press('?');
  await expect(ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expect(ada.page).toHaveURL(/\/settings$/);
  await expectNoViolations(ada.page);
});
