/** The outbox: what was sent is never lost, never doubled, never out of order, whatever becomes of page, tab or server. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { holdAlerts } from '../support/alerts';
import { LATE_MS } from '../support/deadline';
import { blob, textFile, type TestFile } from '../support/files';
import type { Person } from '../support/person';
import { chat, leaveQuestion, shell, signIn, unsent, unsentQuestion } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel } from '../support/voice';

const POSTS = /\/api\/channels\/\d+\/messages$/;
const NETWORK =
  /ERR_EMPTY_RESPONSE|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|ERR_NETWORK|WebSocket connection to/;

test.slow();

test('messages written offline survive a reload and the end of the browser, and go out once, in order', async ({
  settler,
  network,
  voice,
}, info) => {
  const folder = info.outputPath('browser');
  let ada = await settler(folder, network);
  ada.watch.announce(NETWORK);
  await ada.signIn('Ada');
  const channels: Channel[] = [];
  for (const name of ['general', 'releases', '茶水间']) channels.push(await ada.createChannel(name));
  await ada.open('general');
  await expect(chat(ada.page).title).toContainText('general');
  await ada.context.setOffline(true);
  await expect(chat(ada.page).away).toBeVisible();
  for (let i = 0; i < 20; i += 1) {
    await goTo(ada.page, channels[i % 3] as Channel);
    await write(ada.page, `line ${i + 1}`);
    await expect(chat(ada.page).row(exactly(`line ${i + 1}`))).toHaveAttribute('data-state', 'pending');
  }
  await goTo(ada.page, channels[1] as Channel);
  await choose(ada.page, [textFile('notes.txt', 'written on the train\n')]);
  await write(ada.page, 'with the file');
  await expect(chat(ada.page).row('with the file')).toContainText('notes.txt');
  await expect(chat(ada.page).box).toHaveValue('');

  // Pages come through, what is sent does not.
  network.fate = (method) => (method === 'GET' ? 'pass' : 'lose');
  await ada.context.setOffline(false);
  await ada.page.reload();
  await expect(chat(ada.page).row('with the file')).toHaveAttribute('data-state', 'pending');
  await ada.context.close();
  ada = await settler(folder, network);
  ada.watch.announce(NETWORK);
  await ada.open('releases');
  await expect(chat(ada.page).row('with the file')).toHaveAttribute('data-state', 'pending');
  await expect(chat(ada.page).row(exactly('line 2'))).toHaveAttribute('data-state', 'pending');

  network.fate = () => 'pass';
  await expect(chat(ada.page).row('with the file')).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
  const rain = await voice('小雨');
  for (const [index, channel] of channels.entries()) {
    const lines = Array.from({ length: 20 }, (_, i) => i).filter((i) => i % 3 === index);
    const texts = [...lines.map((i) => `line ${i + 1}`), ...(index === 1 ? ['with the file'] : [])];
    await expect
      .poll(async () => (await rain.messages(channel)).map(({ text }) => text), { timeout: LATE_MS })
      .toEqual(texts);
  }
  const [download] = await Promise.all([
    ada.page.waitForEvent('download'),
    chat(ada.page).row('with the file').getByRole('link', { name: 'Download notes.txt' }).click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toBe('written on the train\n');
});

test('one of two tabs sends, both show it, and the second goes on when the first is closed half-way', async ({
  person,
  network,
}) => {
  const ada = await person('Ada', {}, network);
  ada.watch.announce(NETWORK);
  const general = await ada.createChannel('general');
  await ada.open(general);
  const other = await ada.context.newPage();
  await other.goto('/channel/general');
  await expect(chat(other).title).toContainText('general');
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) ? 'swallow' : 'pass');
  for (const text of ['one', 'two', 'three']) await write(other, text);
  for (const page of [ada.page, other]) {
    for (const text of ['one', 'two', 'three']) await expect(chat(page).row(text)).toHaveCount(1);
  }
  // The first tab holds the right to send: it has sent the first message, whose answer was lost.
  await expect.poll(() => network.count('POST', POSTS)).toBeGreaterThan(0);
  await ada.page.close();
  network.fate = () => 'pass';
  for (const text of ['one', 'two', 'three']) {
    await expect(chat(other).row(text)).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
  }
  expect((await ada.messages(general)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('a server killed between request and answer has the message once', async ({ person, network, server }) => {
  const ada = await person('Ada', {}, network);
  ada.watch.announce(NETWORK);
  const general = await ada.createChannel('general');
  await ada.open(general);
  await expect(chat(ada.page).title).toContainText('general');
  let killed = 0;
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) && killed === 0 ? 'swallow' : 'pass');
  network.swallowed = async () => {
    killed += 1;
    await server.kill();
  };
  await write(ada.page, 'was it heard');
  await expect.poll(() => killed).toBe(1);
  await server.resume();
  await expect(chat(ada.page).row('was it heard')).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
  await expect(chat(ada.page).rows).toHaveCount(1);
  expect(await ada.messages(general)).toHaveLength(1);
});

test('a broken upload goes on from where it stopped', async ({ person, network }) => {
  const ada = await person('Ada', {}, network);
  ada.watch.announce(NETWORK);
  const general = await ada.createChannel('general');
  await ada.open(general);
  const size = 3_000_000;
  let parts = 0;
  let asked = false;
  network.fate = (method) => {
    if (method === 'HEAD') asked = true;
    if (method !== 'PATCH') return 'pass';
    parts += 1;
    if (parts === 1) return { cutAfter: 2_000_000 };
    // The browser itself may send the broken part once more, as it was. Here the line is still down then.
    return asked ? 'pass' : 'lose';
  };
  await choose(ada.page, [blob('large.bin', size)]);
  await write(ada.page, 'here it is');
  const row = chat(ada.page).row('here it is');
  await expect(row).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
  expect(parts).toBeGreaterThanOrEqual(2);
  // The first part stays: what came last is what was missing, and what the first part had in its pockets when it broke,
  // which is the more the slower the machine is.
  const last = network.crossed.filter(({ method }) => method === 'PATCH').at(-1)?.bytes ?? 0;
  expect(last).toBeGreaterThanOrEqual(size - 2_000_000);
  expect(last).toBeLessThan(size);
  const [download] = await Promise.all([
    ada.page.waitForEvent('download'),
    row.getByRole('link', { name: 'Download large.bin' }).click(),
  ]);
  expect(Buffer.compare(await readFile(await download.path()), blob('', size).buffer)).toBe(0);
});

test('a refused message with a file can be edited and sent again', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 403/);
  const general = await ada.createChannel('general');
  await ada.open(general);
  await ada.page.route(POSTS, (route) => route.fulfill(refusal('You may not write here.')));
  await choose(ada.page, [textFile('notes.txt', 'kept')]);
  await write(ada.page, 'wrong wrods');
  const row = chat(ada.page).row('wrong wrods');
  await expect(row).toHaveAttribute('data-state', 'failed');
  await expect(row.getByRole('alert')).toContainText('You may not write here.');
  await ada.page.reload();
  await expect(row).toHaveAttribute('data-state', 'failed');
  await ada.page.unroute(POSTS);
  await unsent(row).edit.click();
  await expect(row).toHaveCount(0);
  await expect(chat(ada.page).box).toBeFocused();
  await expect(chat(ada.page).box).toHaveValue('wrong wrods');
  await expect(ada.page.getByText('notes.txt')).toBeVisible();
  await write(ada.page, 'right words');
  await expect(chat(ada.page).row('right words')).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
  await expect(chat(ada.page).row('right words')).toContainText('notes.txt');
  expect((await ada.messages(general)).map(({ text }) => text)).toEqual(['right words']);
});

test('a browser that stores nothing says so once and sends all the same', async ({ person }) => {
  const ada = await person('Ada');
  await holdAlerts(ada.page);
  await ada.page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('not here', 'SecurityError');
    };
  });
  const general = await ada.createChannel('general');
  await ada.open(general);
  await write(ada.page, 'one');
  await expect(shell(ada.page).flash(/stores nothing/)).toHaveCount(1);
  await write(ada.page, 'two');
  await expect(chat(ada.page).row('two')).toHaveAttribute('data-state', 'sent');
  expect((await ada.messages(general)).map(({ text }) => text)).toEqual(['one', 'two']);
});

test('logging out with something unsent asks first, and keeps it for the same person alone', async ({
  person,
  network,
}) => {
  const ada = await person('Ada', {}, network);
  ada.watch.announce(NETWORK);
  const general = await ada.createChannel('general');
  await ada.open(general);
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) ? 'lose' : 'pass');
  await write(ada.page, 'not out yet');
  await expect(chat(ada.page).row('not out yet')).toHaveAttribute('data-state', 'pending');
  const question = unsentQuestion(ada.page);
  await logOut(ada);
  await expect(question.stay).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(question.dialog).toBeHidden();
  await expect(chat(ada.page).row('not out yet')).toHaveAttribute('data-state', 'pending');
  await logOut(ada);
  await question.keep.click();
  await leaveQuestion(ada.page).leave.click();
  await expect(ada.page).toHaveURL(/\/login/);

  await enter(ada, 'Grace');
  await ada.open(general);
  await expect(chat(ada.page).title).toContainText('general');
  network.fate = () => 'pass';
  await write(ada.page, 'I am somebody else');
  await expect(chat(ada.page).row('somebody else')).toHaveAttribute('data-state', 'sent');
  await expect(chat(ada.page).rows).toHaveCount(1);
  await logOut(ada);
  await leaveQuestion(ada.page).leave.click();
  await enter(ada, 'Ada');
  await expect(chat(ada.page).row('not out yet')).toHaveAttribute('data-state', 'sent');
  const said = (await ada.messages(general)).filter(({ line }) => line === undefined || line === null);
  expect(said.map(({ text }) => text)).toEqual(['I am somebody else', 'not out yet']);
});

test('messages that are discarded on logging out are gone', async ({ person, network }) => {
  const ada = await person('Ada', {}, network);
  ada.watch.announce(NETWORK);
  const general = await ada.createChannel('general');
  await ada.open(general);
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) ? 'lose' : 'pass');
  await write(ada.page, 'better not');
  await expect(chat(ada.page).row('better not')).toHaveAttribute('data-state', 'pending');
  await logOut(ada);
  await unsentQuestion(ada.page).discard.click();
  await leaveQuestion(ada.page).leave.click();
  await expect(ada.page).toHaveURL(/\/login/);
  network.fate = () => 'pass';
  await enter(ada, 'Ada');
  await ada.open(general);
  await write(ada.page, 'this one');
  await expect(chat(ada.page).row('this one')).toHaveAttribute('data-state', 'sent');
  expect((await ada.messages(general)).map(({ text }) => text)).toEqual(['this one']);
});

test('when a session ends, unsent messages are kept and their writer is asked to sign in again', async ({
  person,
  network,
}) => {
  const ada = await person('Ada', {}, network);
  ada.watch.announce(NETWORK);
  ada.watch.announce(/status of 401/);
  const general = await ada.createChannel('general');
  await ada.open(general);
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) ? 'lose' : 'pass');
  await write(ada.page, 'still mine');
  await expect(chat(ada.page).row('still mine')).toHaveAttribute('data-state', 'pending');
  await ada.call('DELETE', '/api/session');
  network.fate = () => 'pass';
  await expect(ada.page).toHaveURL(/\/login/, { timeout: LATE_MS });
  await expect(ada.page.getByRole('status').filter({ hasText: 'Sign in as Ada' })).toBeVisible();
  await expect(signIn(ada.page).name).toHaveValue('Ada');
  await signIn(ada.page).join.click();
  await expect(chat(ada.page).row('still mine')).toHaveAttribute('data-state', 'sent');
  expect(await ada.messages(general)).toHaveLength(1);
});

test.describe('with a low limit', () => {
  test.use({ settings: ['--limit-messages', '1', '--limit-messages-burst', '2'] });

  test('a message refused for its rate waits as long as the server says, says so, and goes out', async ({ person }) => {
    const ada = await person('Ada');
    ada.watch.announce(/status of 429/);
    const general = await ada.createChannel('general');
    await ada.open(general);
    const texts = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6'];
    // All are written before the first one goes: however slowly somebody writes, they are sent too often then.
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await ada.page.route(POSTS, async (route) => {
      await held;
      await route.continue();
    });
    for (const text of texts) await write(ada.page, text);
    release();
    await expect(ada.page.getByText(/it goes out by itself in \d+ s/).first()).toBeVisible();
    await expect(chat(ada.page).row('f6')).toHaveAttribute('data-state', 'sent', { timeout: LATE_MS });
    expect((await ada.messages(general)).map(({ text }) => text)).toEqual(texts);
  });
});

async function write(page: Page, text: string): Promise<void> {
  await chat(page).box.fill(text);
  await chat(page).box.press('Shift+Enter');
  await expect(chat(page).box).toHaveValue('');
}

async function goTo(page: Page, channel: Channel): Promise<void> {
  await shell(page).side.getByRole('link', { name: channel.name }).click();
  await expect(chat(page).title).toContainText(channel.name);
}

async function choose(page: Page, files: TestFile[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), chat(page).attach.click()]);
  await chooser.setFiles(files);
  for (const file of files) await expect(page.getByText(file.name).first()).toBeVisible();
}

async function logOut(who: Person): Promise<void> {
  await shell(who.page).account.click();
  await shell(who.page).logOut.click();
}

async function enter(who: Person, name: string): Promise<void> {
  await signIn(who.page).name.fill(name);
  await signIn(who.page).join.click();
  await expect(shell(who.page).account).toContainText(name);
}

function exactly(text: string): RegExp {
  return new RegExp(`${text}(?!\\d)`);
}

function refusal(detail: string) {
  const problem = { type: 'about:blank', title: 'Forbidden', status: 403, code: 'forbidden', detail };
  return { status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) };
}
