/** Coming back: after closing the browser, after a restart, after leaving. */
import { holdAlerts } from '../support/alerts';
import { LATE_MS } from '../support/deadline';
import { chat, leaveQuestion, shell, signIn } from '../support/screen';
import { expect, test } from '../support/test';

test('somebody who comes back is signed in, in the channel where they were', async ({ person, visitor }) => {
  const ada = await person('Ada');
  await ada.createChannel('general');
  const tea = await ada.createChannel('茶水间');
  await ada.open(tea);
  await expect(chat(ada.page).title).toContainText('茶水间');
  const kept = await ada.context.storageState();
  // A cookie without an end would go with the browser.
  const session = kept.cookies.find((cookie) => cookie.name.startsWith('chinwag_session_'));
  expect(session?.expires).toBeGreaterThan(Date.now() / 1000 + 30 * 24 * 3600);
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  await ada.page.close();

  const again = await visitor({ storageState: kept });
  await again.page.goto('/');
  await expect(chat(again.page).title).toContainText('茶水间');
  await expect(shell(again.page).account).toContainText('Ada');
});

test('after a server was stopped or killed everything acknowledged is there and talk goes on', async ({
  person,
  server,
}) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  for (const { watch } of [ada, rain]) {
    watch.announce(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to/);
  }
  for (const end of ['stop', 'kill'] as const) {
    await test.step(end, async () => {
      const channel = await ada.createChannel(end);
      await ada.post(channel, 'before');
      await ada.open(channel);
      await rain.open(channel);
      await expect(chat(rain.page).row('before')).toBeVisible();

      const code = await server[end]();
      if (end === 'stop') expect(code).toBe(0);
      await chat(ada.page).box.fill('written while it was away');
      await chat(ada.page).box.press('Shift+Enter');
      await expect(chat(ada.page).row('written while')).toHaveAttribute('data-state', /pending|failed/);
      await expect(chat(ada.page).away).toBeVisible();
      await server.resume();

      // It goes out by itself once the server is back, and exactly once.
      await expect(chat(rain.page).row('written while')).toBeVisible({ timeout: LATE_MS });
      await expect(chat(ada.page).row('written while')).toHaveAttribute('data-state', 'sent');
      await expect(chat(ada.page).away).toBeHidden();
      expect((await ada.messages(channel)).map((message) => message.text)).toEqual([
        'before',
        'written while it was away',
      ]);
      await ada.page.goto('/');
      await expect(chat(ada.page).row('before')).toBeVisible();
    });
  }
});

for (const [how, files] of [
  ['the database alone', ['chinwag.db']],
  ['the whole folder', ['chinwag.db', 'INSTANCE']],
] as const) {
  test(`after an earlier copy of ${how} was put back an open tab shows what is there`, async ({ person, server }) => {
    const ada = await person('Ada');
    ada.watch.announce(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection to/);
    server.announce(/the database is not the one that was here before/);
    const general = await ada.createChannel('general');
    await ada.post(general, 'kept');
    await server.stop();
    const copy = await server.copy();
    await server.resume();
    for (let number = 1; number <= 3; number += 1) await ada.post(general, `lost ${number}`);
    await ada.open(general);
    await expect(chat(ada.page).row('lost 3')).toBeVisible();
    await server.stop();
    await server.putBack(copy, files);
    await server.resume();
    await expect(chat(ada.page).row('lost 3')).toHaveCount(0, { timeout: LATE_MS });
    await expect(chat(ada.page).row('kept')).toBeVisible();
    await ada.post(general, 'new');
    await expect(chat(ada.page).row('new')).toBeVisible();
  });
}

test('logging out ends the session here, on the server and in other tabs', async ({ person, visitor }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 401/);
  await holdAlerts(ada.page);
  const general = await ada.createChannel('general');
  await ada.open(general);
  const tab = await ada.context.newPage();
  await tab.goto('/channel/general');
  await expect(chat(tab).title).toContainText('general');
  const stolen = await ada.context.storageState();

  await shell(ada.page).account.click();
  await shell(ada.page).logOut.click();
  await leaveQuestion(ada.page).leave.click();
  await expect(ada.page).toHaveURL(/\/login/);
  await expect(shell(ada.page).flash('You have logged out.')).toBeVisible();
  await expect(tab).toHaveURL(/\/login/);

  await ada.page.goto('/channels');
  await expect(signIn(ada.page).name).toBeVisible();
  const thief = await visitor({
    storageState: {
      ...stolen,
      cookies: stolen.cookies.filter((cookie) => cookie.name.startsWith('chinwag_session_')),
    },
  });
  await expect(thief.call('GET', '/api/me')).rejects.toThrow(/401/);
});

test('a page elsewhere cannot log anybody out', async ({ person }) => {
  const ada = await person('Ada');
  for (const headers of [
    { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'image' },
    { Origin: 'https://elsewhere.example' },
  ]) {
    const method = 'Origin' in headers ? 'POST' : 'GET';
    await ada.context.request.fetch('/logout', {
      method,
      headers,
      maxRedirects: 0,
    });
    expect(await ada.call('GET', '/api/me')).toMatchObject({ name: 'Ada' });
  }
});

test('a session can be ended from another browser', async ({ person, visitor }) => {
  const ada = await person('Ada');
  await ada.setPassword('correct horse battery');
  await ada.createChannel('general');
  const elsewhere = await visitor();
  elsewhere.watch.announce(/status of 401/);
  await elsewhere.signIn('Ada', 'correct horse battery');
  await elsewhere.open('general');
  await expect(chat(elsewhere.page).title).toContainText('general');

  await ada.page.goto('/settings');
  await ada.page.getByRole('heading', { name: 'Devices' }).scrollIntoViewIfNeeded();
  await ada.page
    .getByRole('main')
    .getByRole('button', { name: /^(End|Log out)/ })
    .last()
    .click();
  // At once, and not after a while in which the connection is said to come back.
  await expect(elsewhere.page).toHaveURL(/\/login/, { timeout: 2_000 });
  await expect(shell(elsewhere.page).flash('You are not logged in.')).toBeVisible();
  await expect(ada.call('GET', '/api/me')).resolves.toMatchObject({
    name: 'Ada',
  });
});
