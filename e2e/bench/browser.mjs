/** The browser, and people in it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from '@playwright/test';

/** The long channel, as the bench fills it. */
export const LONG = { name: 'bench 0', path: '/channel/bench%200', last: 100_000 };
/** Whatever is awaited comes within this time, or the measurement fails. */
export const DEADLINE_MS = 60_000;
const VIEWPORT = { width: 1440, height: 900 };

let people = 0;

/** Debian's Chromium, as the tests drive it. */
export async function launch() {
  const executablePath = execFileSync(join(import.meta.dirname, '../../scripts/chromium'), { encoding: 'utf8' }).trim();
  const args = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return chromium.launch({ executablePath, args });
}

/** Somebody new in a browser profile of her own, with nothing cached, and her page's line to the developer tools. */
export async function arrive(browser, origin) {
  const context = await browser.newContext({ baseURL: origin, viewport: VIEWPORT, locale: 'en-GB' });
  context.setDefaultTimeout(DEADLINE_MS);
  context.setDefaultNavigationTimeout(DEADLINE_MS);
  const cookie = await signIn(origin);
  const [name, value] = cookie.split(/=(.*)/s);
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  const tools = await context.newCDPSession(page);
  return { context, page, tools };
}

/** Takes a new name. Answers the session's cookie. */
async function signIn(origin) {
  people += 1;
  const response = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: `web ${process.pid} ${people}` }),
  });
  const cookie = response.headers.getSetCookie().find((one) => one.startsWith('chinwag_session_'));
  if (cookie === undefined) throw new Error(`Signing in was answered ${response.status}: ${await response.text()}`);
  return cookie.split(';')[0];
}

/** Somebody without a browser: asks the REST interface and answers what it says. */
async function caller(origin) {
  const headers = { 'Content-Type': 'application/json', Origin: origin, Cookie: await signIn(origin) };
  return async (method, path, body) => {
    const response = await fetch(origin + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    return response.json();
  };
}

/** Somebody who posts into the long channel. Answers a function that posts and tells the number. */
export async function writer(origin) {
  const ask = await caller(origin);
  const { channels } = await ask('GET', '/api/channels');
  const channel = channels.find((one) => one.name === LONG.name);
  if (channel === undefined) throw new Error(`There is no channel ${LONG.name}: is this a server of the bench?`);
  const text = 'a message as people write them, neither long nor short, with some *weight* on one word';
  return async () => (await ask('POST', `/api/channels/${channel.id}/messages`, { text, key: crypto.randomUUID() })).number;
}

/** Makes a channel with so many messages of one text. Answers its page's address. */
export async function fill(origin, name, text, count) {
  const ask = await caller(origin);
  const { id } = await ask('POST', '/api/channels', { name });
  for (let sent = 0; sent < count; sent += 1)
    await ask('POST', `/api/channels/${id}/messages`, { text, key: crypto.randomUUID() });
  return `/channel/${encodeURIComponent(name)}`;
}

/** Posts `count` messages at `perSecond` and answers the last number, when all are kept. */
export async function talk(post, count, perSecond) {
  const started = performance.now();
  const answers = [];
  let last = 0;
  for (let sent = 0; sent < count; sent += 1) {
    const early = started + (sent * 1000) / perSecond - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    answers.push(post().then((number) => (last = Math.max(last, number))));
    // A server that falls behind slows the talk down instead of piling requests up.
    if (answers.length >= 64) await answers.shift();
  }
  await Promise.all(answers);
  return last;
}

/** Opens the long channel and waits until the app shows its newest message. */
export async function open(page) {
  await page.goto(LONG.path);
  await page.locator('#first').waitFor({ state: 'detached' });
  await page.locator('[role=log] [data-number]').last().waitFor();
}

/** Waits until a message shows. */
export async function seen(page, number, timeout = DEADLINE_MS) {
  await page.locator(`[role=log] [data-number="${number}"]`).waitFor({ state: 'attached', timeout });
}

/** One of the developer tools' metrics. */
export async function metric(tools, name) {
  const { metrics } = await tools.send('Performance.getMetrics');
  const found = metrics.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Chromium tells no ${name}`);
  return found.value;
}
