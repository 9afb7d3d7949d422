/** Devices: what logging out leaves behind, whose computer it is, and where one is signed in. */
import { channels, leaveQuestion, shell, signIn } from '../support/screen';
import { expect, test } from '../support/test';

test('a name without a password is given up only after a question', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 409/);
  const { page } = ada;
  const question = leaveQuestion(page);
  await page.goto('/channels');
  await shell(page).account.click();
  await shell(page).logOut.click();
  await expect(question.stay).toBeFocused();
  await expect(question.dialog).toContainText('nobody can get the name back');
  await page.keyboard.press('Escape');
  await expect(question.dialog).toBeHidden();
  await expect(channels(page).heading).toBeVisible();

  await shell(page).account.click();
  await shell(page).logOut.click();
  await question.forget.click();
  await expect(shell(page).flash('You have logged out.')).toBeVisible();
  await signIn(page).name.fill('Ada');
  await signIn(page).join.click();
  await expect(signIn(page).problem).toContainText('That name is taken');
});

test('a password makes logging out a press, and asks for itself afterwards', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 409/);
  const { page } = ada;
  await page.goto('/settings');
  const make = page.getByRole('button', { name: 'Set password' });
  await make.click();
  const field = page.getByLabel('New password', { exact: true });
  await field.fill('correct horse battery');
  await expect(field).toHaveAttribute('type', 'password');
  await page.getByRole('button', { name: /^Show/ }).click();
  await expect(field).toHaveAttribute('type', 'text');
  await expect(page.getByText('logs you out everywhere else')).toBeVisible();
  await page.getByRole('button', { name: 'Save password' }).click();
  // The focus goes to the button that stands where the form was.
  await expect(page.getByRole('button', { name: 'Change', exact: true })).toBeFocused();

  await shell(page).account.click();
  await shell(page).logOut.click();
  await expect(page).toHaveURL(/\/login$/);
  await signIn(page).name.fill('Ada');
  await signIn(page).join.click();
  await expect(signIn(page).password).toBeFocused();
  await signIn(page).password.fill('correct horse battery');
  await signIn(page).join.click();
  await expect(shell(page).account).toContainText('Ada');
});

test('a shared computer is not kept, and the page says what that means', async ({ visitor }) => {
  const { page, context, watch } = await visitor();
  watch.announce(/status of 409/);
  await page.goto('/login');
  await signIn(page).name.fill('Ada');
  await page.getByRole('checkbox', { name: /This is not my computer/ }).check();
  await expect(page.getByText('A name without a password is lost then')).toBeVisible();
  await signIn(page).join.click();
  await expect(channels(page).heading).toBeVisible();
  const cookies = await context.cookies();
  expect(cookies.find(({ name }) => name.startsWith('chinwag_session_'))?.expires).toBe(-1);
  expect(cookies.some(({ name }) => name.startsWith('chinwag_device_'))).toBe(false);
  await shell(page).account.click();
  await shell(page).logOut.click();
  await expect(leaveQuestion(page).dialog).toContainText('does not keep it');
  await leaveQuestion(page).leave.click();
  await signIn(page).name.fill('Ada');
  await signIn(page).join.click();
  await expect(signIn(page).problem).toContainText('That name is taken');
});

test('a browser that keeps no cookies is told what to do, and takes no name', async ({ visitor, person }) => {
  const { page, context, watch } = await visitor();
  watch.announce(/status of 403/);
  await page.goto('/login');
  await context.route('**/api/session', async (route) => {
    await context.clearCookies();
    await route.continue();
  });
  await signIn(page).name.fill('Ada');
  await signIn(page).join.click();
  await expect(signIn(page).problem).toContainText('Allow cookies for this address');
  await expect(signIn(page).name).toHaveValue('Ada');
  await person('Ada');
});

test('theme and language are chosen in the account menu', async ({ person }) => {
  const ada = await person('Ada');
  const { page } = ada;
  await page.goto('/channels');
  await shell(page).account.click();
  const theme = page.getByRole('group', { name: 'Theme' });
  await expect(theme.getByRole('menuitemradio', { name: 'Auto' })).toHaveAttribute('aria-checked', 'true');
  await theme.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(theme.getByRole('menuitemradio', { name: 'Dark' })).toHaveAttribute('aria-checked', 'true');
  await expect.poll(() => ada.call('GET', '/api/me')).toMatchObject({ settings: { theme: 'dark' } });
  await page.getByRole('group', { name: 'Language' }).getByRole('menuitemradio', { name: /中文/ }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect.poll(() => ada.call('GET', '/api/me')).toMatchObject({ settings: { language: 'zh' } });
});

test('the sign-in page shows this place and no person', async ({ visitor, person }) => {
  await (await person('Ada')).createChannel('general');
  const { page } = await visitor();
  await page.goto('/channel/general');
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole('complementary', { name: 'Chinwag' })).toBeVisible();
  await expect(page.locator('.msg')).toHaveCount(0);
  // Whoever follows a link for the first time is not told off.
  await expect(page.getByText('You are not logged in.')).toHaveCount(0);
});

test('the list of devices follows what happens elsewhere; this one is first, and the others’ buttons differ', async ({
  person,
  visitor,
}) => {
  const ada = await person('Ada');
  await ada.setPassword('correct horse battery');
  for (const name of ['one', 'two', 'three']) await ada.createChannel(name);
  const { page } = ada;
  await page.goto('/settings');
  const devices = page.locator('#devices .opt');
  await expect(devices).toHaveCount(1);

  const others = [];
  for (const [known, opened] of [
    [2, 'two'],
    [3, 'three'],
  ] as const) {
    const other = await visitor();
    other.watch.announce(/status of 409/);
    await other.page.goto('/login');
    await signIn(other.page).name.fill('Ada');
    await signIn(other.page).join.click();
    await signIn(other.page).password.fill('correct horse battery');
    await signIn(other.page).join.click();
    await expect(shell(other.page).account).toBeVisible();
    // No event tells of a sign-in; opening a channel is one.
    await other.page.goto(`/channel/${opened}`);
    await expect(devices).toHaveCount(known);
    others.push(other);
  }
  await expect(devices.first()).toContainText('This device');
  const buttons = devices.getByRole('button', { name: /^Log out Chrome on Linux, 127\.0\.0\.1, last used \d{4}-/ });
  await expect(buttons).toHaveCount(2);

  const [other] = others;
  await other?.page.goto('/channels');
  if (other !== undefined) await shell(other.page).account.click();
  if (other !== undefined) await shell(other.page).logOut.click();
  await page.evaluate(() => dispatchEvent(new Event('blur')));
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(devices).toHaveCount(2);

  await shell(page).account.click();
  await page.getByRole('menuitemradio', { name: /中文/ }).click();
  await expect(devices.last()).toContainText('Linux 上的 Chrome');
  await expect(devices.last().getByRole('button', { name: /^退出登录 Linux 上的 Chrome，/ })).toBeVisible();
});
