/**
 * The core of the product, told once and played in Chromium, Firefox and WebKit. What one engine alone can show (real
 * input methods, sleep, slow networks) is in `tests/`, in Chromium.
 */
import { writeFile } from 'node:fs/promises';
import { picture } from '../support/files';
import { Person } from '../support/person';
import { ZH } from '../support/screen';
import type { Page } from './page';
import { channels, chat, DELETE_IT, settings, shell, signIn } from './screen';
import { expect, test } from './test';

const POSTS = /\/api\/channels\/\d+\/messages$/;
/** Leads on in the first run; the steps before and after are not shown. */
const NEXT = { role: 'link', name: 'Next' };
const { box, log, newer, number, pending, row, rows, send, sent, title } = chat();

test('sign in: a name that is taken is refused, and a free one is taken in Chinese by choice', async ({
  visitor,
  voice,
}) => {
  await voice('Grace');
  const page = await (await visitor()).tab();
  await page.open('/');
  await page.at(/^\/login$/);
  // The choice of the language is there once the app is.
  await page.click(signIn().language('中文'));
  await page.write(signIn(ZH).name, 'grace');
  await page.click(signIn(ZH).join);
  await page.until(signIn(ZH).problem, 'to say that the name is taken', ({ text }) => text.includes('该名称已被使用'));
  await page.click(signIn(ZH).name);
  await page.run(() => document.querySelector<HTMLInputElement>('#name')?.select());
  await page.write(signIn(ZH).name, 'Ada 小雨');
  await page.press('Enter');
  await page.see(channels(ZH).heading);
  await page.write(channels(ZH).name, '茶水间');
  await page.click(channels(ZH).create);
  await page.see(title('茶水间'));
  await page.write(box, '早上好');
  await page.until(chat(ZH).send, 'to be named', ({ text }) => text.startsWith('发送'));
  await page.click(chat(ZH).send);
  await page.see(sent('早上好'));
  expect(await page.run(() => document.documentElement.lang)).toMatch(/^zh/);
  await page.reload();
  await page.until(shell(ZH).account, 'to show the name', ({ text }) => text.includes('Ada 小雨'));
});

test('the first owner opens the place in a browser, by the address that the server printed', async ({
  visitor,
  server,
}) => {
  const page = await (await visitor()).tab();
  await page.open(new URL(server.first()).pathname);
  await page.write({ role: 'textbox', name: 'Name of the place' }, 'Harbour Works');
  await page.click(NEXT);
  await page.write({ role: 'textbox', name: 'Display name' }, 'Mei Lin');
  await page.write({ css: 'input[type=password]' }, 'correct horse');
  await page.click(NEXT);
  await page.click({ css: 'label', has: 'By invite' });
  await page.click({ role: 'button', name: 'Open the doors' });
  await page.see({ role: 'heading', name: 'Harbour Works is open' });
  await page.see({ css: '.qr svg' });
  await page.click({ role: 'link', name: 'Go in' });
  await page.at(/^\/channel\/general$/);
  await page.until(shell().account, 'to show the name', ({ text }) => text.includes('Mei Lin'));
  await say(page, 'the doors are open');
  // Nobody comes in by a name alone, and the address is used up.
  const other = await (await visitor()).tab();
  await other.open(new URL(server.first()).pathname);
  expect(await other.run(() => document.body.innerText)).not.toContain('Name of the place');
  const knocked = (): Promise<number> =>
    fetch('/api/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'Eve' }),
    }).then(({ status }) => status);
  expect(await other.run(knocked)).toBe(403);
});

test('two people talk, one sends a picture and takes another name, and what is deleted is gone for both', async ({ person, voice }, info) => {
  const grace = await voice('Grace');
  const general = await grace.createChannel('general');
  const { page: ada } = await person('Ada', 'general');
  const { page: rain } = await person('小雨', 'general');
  await say(ada, 'a slip of the tongue');
  await rain.until(row('a slip'), 'to name its author', ({ text }) => text.includes('Ada'));
  await say(rain, '早！今天几号船最挤？🚢');
  await ada.until(row('今天几号船最挤？🚢'), 'to name its author', ({ text }) => text.includes('小雨'));
  const file = picture('pier-3.png', 1200, 600);
  const path = info.outputPath(file.name);
  await writeFile(path, file.buffer);
  await ada.choose(chat().attach, [path]);
  await ada.see({ css: '.composer', has: 'pier-3.png' });
  await say(ada, 'Looks good from the water too.');
  await rain.see({ role: 'img', inside: row('Looks good') });
  await expect
    .poll(() => rain.run(() => document.querySelector<HTMLImageElement>('[role=log] article img')?.naturalWidth))
    .toBeGreaterThan(0);
  for (const page of [ada, rain]) await page.until(rows, 'to be three', ({ count }) => count === 3);
  await ada.hover(row('a slip'));
  await ada.click(chat().more('a slip'));
  await ada.click(chat().remove);
  await ada.click(DELETE_IT);
  for (const page of [ada, rain]) await page.gone({ css: '[role=log] article', has: 'a slip' });
  expect(JSON.stringify(await grace.messages(general))).not.toContain('a slip');
  await ada.open('/settings');
  await ada.see(settings().name);
  await ada.run(() => document.querySelector<HTMLInputElement>('#display-name')?.select());
  await ada.write(settings().name, 'Countess');
  await ada.click(settings().save);
  await rain.until(row('Looks good'), 'to show the new name', ({ text }) => text.includes('Countess'));
});

test('a private channel: whoever is put in sees it at once, nobody else does, and whoever is taken out loses it', async ({
  person,
  voice,
}) => {
  const grace = await voice('Grace');
  const { page: ada } = await person('Ada');
  const { page: eve } = await person('Eve');
  const found = await grace.call<{ people: { id: number }[] }>('GET', '/api/people?q=Ada');
  const adas = found.people[0]?.id;
  const secret = await grace.call<{ id: number }>('POST', '/api/channels', {
    name: 'the merger',
    kind: 'private',
    people: [adas],
  });
  const path = `/c/${secret.id}`;
  await grace.call('POST', `/api/channels/${secret.id}/messages`, { text: 'sign on Thursday' });
  await ada.see(shell().link('the merger'));
  await ada.open(path);
  await ada.see(row('sign on Thursday'));
  await say(ada, 'so be it');
  await eve.open('/channels');
  await eve.see(channels().heading);
  expect(await eve.run(() => document.body.innerText)).not.toContain('merger');
  await eve.open(path);
  await eve.see({ role: 'main', has: 'There is no channel at this address' });
  await grace.call('DELETE', `/api/channels/${secret.id}/members/${adas}`);
  await ada.gone(shell().link('the merger'));
  await ada.gone({ css: 'article', has: 'sign on Thursday' });
  await ada.open(path);
  await ada.see({ role: 'main', has: 'There is no channel at this address' });
});

test('a direct message is unread for the other, and answered', async ({ person }) => {
  const { page: ada } = await person('Ada');
  const { page: rain } = await person('小雨');
  await ada.click({ role: 'button', name: 'Start a direct message' });
  await ada.see({ role: 'combobox' });
  await ada.type('小雨');
  await ada.until(
    { role: 'option', has: '小雨' },
    'to be chosen',
    ({ attributes }) => attributes['aria-selected'] === 'true',
  );
  await ada.press('Enter');
  await ada.press('Enter');
  await ada.see(title('小雨'));
  await writeTo(ada, 'just us');
  await ada.see(sent('just us'));
  await rain.see({ ...shell().link('Ada'), has: '1 unread' });
  await rain.click(shell().link('Ada'));
  await rain.see(row('just us'));
  await rain.gone({ ...shell().link('Ada'), has: '1 unread' });
  await ada.open('/channels');
  await ada.see(channels().heading);
  await writeTo(rain, 'I hear you');
  await ada.see({ ...shell().link('小雨'), has: '1 unread' });
  await ada.click(shell().link('小雨'));
  await ada.see(row('I hear you'));
});

test('messages written without a connection survive a reload and go out once, in order', async ({
  person,
  voice,
  network,
}) => {
  const grace = await voice('Grace');
  const general = await grace.createChannel('general');
  const { page } = await person('Ada', 'general');
  await page.see(title('general'));
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) ? 'lose' : 'pass');
  for (const text of ['one', 'two', 'three']) {
    await write(page, text);
    await page.see(pending(text));
  }
  await page.reload();
  for (const text of ['one', 'two', 'three']) await page.see(pending(text));
  network.fate = () => 'pass';
  await page.see(sent('three'));
  expect((await grace.messages(general)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
});

test('a server that is killed between request and answer has the message once', async ({
  person,
  voice,
  network,
  server,
}) => {
  const grace = await voice('Grace');
  const general = await grace.createChannel('general');
  const { page } = await person('Ada', 'general');
  await page.see(title('general'));
  let killed = (): void => undefined;
  const dead = new Promise<void>((resolve) => (killed = resolve));
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) ? 'swallow' : 'pass');
  network.swallowed = async () => {
    network.fate = () => 'pass';
    await server.kill();
    killed();
  };
  await write(page, 'was it heard');
  await dead;
  await write(page, 'while it was away');
  await page.see(pending('while it was away'));
  await server.resume();
  await page.see(sent('while it was away'));
  await page.until(rows, 'to be two', ({ count }) => count === 2);
  expect((await grace.messages(general)).map(({ text }) => text)).toEqual(['was it heard', 'while it was away']);
});

test('one of two tabs sends, both show it, and the second goes on when the first is closed', async ({
  person,
  voice,
  network,
}) => {
  const grace = await voice('Grace');
  const general = await grace.createChannel('general');
  const { reader, page: first } = await person('Ada', 'general');
  await first.see(title('general'));
  const other = await reader.tab();
  await other.open(Person.address('general'));
  await other.see(title('general'));
  network.fate = (method, path) => (method === 'POST' && POSTS.test(path) ? 'lose' : 'pass');
  for (const text of ['one', 'two']) await write(other, text);
  for (const page of [other, first]) await page.see(pending('two'));
  await first.close();
  network.fate = () => 'pass';
  await other.see(sent('two'));
  await other.until(rows, 'to be two', ({ count }) => count === 2);
  expect((await grace.messages(general)).map(({ text }) => text)).toEqual(['one', 'two']);
});

test('a long channel opens at its end, is not covered by the composer, scrolls back, and moves no reader', async ({
  person,
  voice,
}) => {
  const MESSAGES = 130;
  const grace = await voice('Grace');
  const general = await grace.createChannel('general');
  for (let index = 1; index <= MESSAGES; index += 1) await grace.post(general, `message ${index} of ${MESSAGES}`);
  const { page } = await person('Ada', 'general');
  await page.until(number(MESSAGES), 'to be in view', ({ inView }) => inView);
  await page.click(box);
  for (let line = 1; line <= 8; line += 1) {
    await page.press('Enter');
    await page.type(`line ${line}`);
    await page.run(frames, 3);
    const { inView } = await page.see(number(MESSAGES));
    expect(inView, `the newest message is in view above line ${line}`).toBe(true);
  }
  await scrollUpTo(page, 1);
  const before = await page.until(number(1), 'to be in view', ({ inView }) => inView);
  await grace.post(general, 'news');
  await page.see(newer);
  const after = await page.see(number(1));
  expect(Math.abs(after.top - before.top)).toBeLessThan(3);
  await page.click(newer);
  await page.until(row('news'), 'to be in view', ({ inView }) => inView);
  await page.gone(newer);
});

test('an input method writes first, and its keys send nothing', async ({ person, voice }) => {
  const grace = await voice('Grace');
  const general = await grace.createChannel('general');
  const { page } = await person('小雨', 'general');
  await page.click(box);
  await page.run(compose, 'main textarea', 'ni hao', '你好');
  await page.until(box, 'to hold what was composed', ({ value }) => value === '你好');
  await page.press('Enter');
  await page.type('早');
  await page.until(box, 'to hold two lines', ({ value }) => value === '你好\n早');
  expect(await grace.messages(general)).toEqual([]);
  await page.press('Shift+Enter');
  await page.see(sent('你好'));
  expect((await grace.messages(general)).map(({ text }) => text)).toEqual(['你好\n早']);
});

test('a phone: the list is a drawer, nothing is wider than the page, the button sends', async ({ person, voice }) => {
  const grace = await voice('Grace');
  await grace.createChannel('general');
  const tea = await grace.createChannel('茶水间');
  await grace.post(tea, `https://a.example/${'x'.repeat(300)}`);
  const { page } = await person('Ada', '茶水间');
  await page.see(title('茶水间'));
  await page.click({ role: 'button', name: 'Join' });
  await page.see(shell().link('茶水间'));
  await page.open(Person.address('general'));
  await page.see(title('general'));
  await page.resize({ width: 390, height: 760 });
  await page.gone(shell().side);
  await page.click(shell().drawer);
  await page.click(shell().link('茶水间'));
  await page.see(title('茶水间'));
  await page.gone(shell().side);
  await page.until(row('a.example'), 'to be in view', ({ inView }) => inView);
  await page.write(box, 'from the pier');
  await page.click(send);
  await page.see(sent('from the pier'));
  const wider = await page.run(() => [
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    document.documentElement.clientWidth,
  ]);
  expect(wider).toEqual([0, 390]);
});

test('logging out ends the session here, in the other tab and on the server', async ({ person, voice }) => {
  await (await voice('Grace')).createChannel('general');
  const { reader, page } = await person('Ada', 'general');
  await page.see(title('general'));
  const other = await reader.tab();
  await other.open(Person.address('general'));
  await other.see(title('general'));
  await other.click(shell().account);
  await other.click(shell().logOut);
  await other.click(shell().leave);
  for (const one of [other, page]) {
    await one.at(/^\/login$/);
    await one.see(signIn().name);
  }
  await other.open('/channels');
  await other.at(/^\/login$/);
  expect(await other.run(() => fetch('/api/me').then((response) => response.status))).toBe(401);
});

/** In a direct conversation the composer has another name. */
async function writeTo(page: Page, text: string): Promise<void> {
  await page.write({ role: 'textbox', name: /^Message /, inside: { role: 'main' } }, text);
  await page.press('Shift+Enter');
}

/** Writes a message and sends it; it is in the browser's own keeping then. */
async function write(page: Page, text: string): Promise<void> {
  await page.write(box, text);
  await page.press('Shift+Enter');
  await page.until(box, 'to be empty', ({ value }) => value === '');
}

/** Writes a message and waits until the server has it. */
async function say(page: Page, text: string): Promise<void> {
  await write(page, text);
  await page.see(sent(text));
}

/** Turns the wheel over the list until a message is in view. */
async function scrollUpTo(page: Page, wantedNumber: number): Promise<void> {
  for (;;) {
    const { inView } = await page.glance(number(wantedNumber));
    if (inView) return;
    await page.wheel(log, -700);
  }
}

/** In the page: waits until so many frames were drawn. */
async function frames(count: number): Promise<void> {
  for (let drawn = 0; drawn < count; drawn += 1) await new Promise(requestAnimationFrame);
}

/**
 * In the page: an input method composes a text in a field, as browsers tell it. The key that picks a candidate reaches
 * the page once while it composes, and once after (WebKit's order), under the code 229.
 */
function compose(selector: string, keys: string, text: string): void {
  const field = document.querySelector<HTMLTextAreaElement>(selector);
  if (field === null) throw new Error('there is no field');
  const key = (isComposing: boolean): void => {
    for (const shiftKey of [false, true]) {
      const event = new KeyboardEvent('keydown', {
        key: 'Enter',
        code: 'Enter',
        keyCode: 229,
        shiftKey,
        isComposing,
        bubbles: true,
        cancelable: true,
      });
      field.dispatchEvent(event);
    }
  };
  const fill = (value: string): void => {
    field.value = value;
    field.dispatchEvent(
      new InputEvent('input', { data: value, inputType: 'insertCompositionText', isComposing: true, bubbles: true }),
    );
  };
  field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
  for (let end = 1; end <= keys.length; end += 1) {
    field.dispatchEvent(new CompositionEvent('compositionupdate', { data: keys.slice(0, end), bubbles: true }));
    fill(keys.slice(0, end));
  }
  key(true);
  fill(text);
  field.dispatchEvent(new CompositionEvent('compositionend', { data: text, bubbles: true }));
  key(false);
}
