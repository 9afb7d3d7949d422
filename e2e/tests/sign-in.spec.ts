/** Coming in: free, taken and protected names, and who may have them back. */
import { holdAlerts } from '../support/alerts';
import { Person } from '../support/person';
import { channels, leaveQuestion, shell, signIn, EN, ZH } from '../support/screen';
import { expect, test } from '../support/test';

test('a free name is taken by typing it', async ({ visitor }) => {
  const { page } = await visitor();
  await holdAlerts(page);
  await page.goto('/');
  await expect(page).toHaveURL(/\/login$/);
  await signIn(page).name.fill('Ada');
  await signIn(page).join.click();
  await expect(channels(page).heading).toBeVisible();
  await expect(page).toHaveURL(/\/channels$/);
  await expect(shell(page).flash(/New username .*Ada.* created/)).toBeVisible();
  await expect(shell(page).account).toContainText('Ada');
});

test('a name that somebody holds is refused in any spelling, and a protected one opens with its password only', async ({
  person,
  visitor,
}) => {
  const ada = await person('Ada');
  const other = await visitor();
  other.watch.announce(/status of 40[39]/);
  await test.step('a name that somebody holds is refused, in any spelling', async () => {
    await other.page.goto('/login');
    const form = signIn(other.page);
    for (const spelling of ['Ada', 'ada', 'Ａｄａ']) {
      await form.name.fill(spelling);
      await form.join.click();
      await expect(form.problem).toContainText('That name is taken');
      await expect(form.name).toHaveValue(spelling);
      await expect(form.name).toHaveAttribute('aria-invalid', 'true');
    }
    await expect(form.password).toBeHidden();
    await expect(other.page).toHaveURL(/\/login$/);
  });
  await test.step('a protected name opens with its password only', async () => {
    await ada.setPassword('correct horse battery');
    const form = signIn(other.page);
    await form.name.fill('Ada');
    await form.join.click();
    await expect(form.password).toBeFocused();
    await form.password.fill('wrong horse');
    await form.join.click();
    await expect(form.problem).toContainText(/password/i);
    await form.password.fill('correct horse battery');
    await form.join.click();
    await expect(shell(other.page).account).toContainText('Ada');
  });
});

test('the browser that took a name gets back in by typing it, another does not', async ({ person, visitor }) => {
  const ada = await person('Ada');
  // The open page asks who is signed in when its socket is closed.
  ada.watch.announce(/status of 401/);
  const before = await ada.call<{ id: number }>('GET', '/api/me');
  await ada.page.goto('/channels');
  await shell(ada.page).account.click();
  await shell(ada.page).logOut.click();
  await leaveQuestion(ada.page).leave.click();
  await expect(ada.page).toHaveURL(/\/login$/);

  const other = await visitor();
  other.watch.announce(/status of 409/);
  await other.page.goto('/login');
  await signIn(other.page).name.fill('Ada');
  await signIn(other.page).join.click();
  await expect(signIn(other.page).problem).toContainText('That name is taken');

  await signIn(ada.page).name.fill('Ada');
  await signIn(ada.page).join.click();
  await expect(shell(ada.page).account).toContainText('Ada');
  expect((await ada.call<{ id: number }>('GET', '/api/me')).id).toBe(before.id);
});

test('a name that cannot be one is refused with the reason, and one of any script is kept as it was typed', async ({
  visitor,
}) => {
  const { page, watch } = await visitor();
  watch.announce(/status of 4\d\d/);
  await test.step('a name that cannot be one is refused with the reason', async () => {
    await page.goto('/login');
    const form = signIn(page);
    for (const name of ['   ', 'a\u202eb', 'x'.repeat(33)]) {
      // Set as a script would: the field itself keeps a person from typing too much.
      await form.name.evaluate((field: HTMLInputElement) => field.removeAttribute('maxlength'));
      await form.name.fill(name);
      await form.join.click();
      await expect(form.problem).toHaveText(/\S{3,}/);
      await expect(form.name).toHaveValue(name);
    }
    await expect(page).toHaveURL(/\/login$/);
  });
  await test.step('a name of any script is kept as it was typed', async () => {
    await signIn(page).name.fill('  小雨 👩‍🔬 ');
    await signIn(page).name.press('Enter');
    await expect(shell(page).account).toContainText('小雨 👩‍🔬');
  });
});

test('somebody who followed a link to a channel gets there after signing in', async ({ person, visitor }) => {
  const ada = await person('Ada');
  await ada.createChannel('tea & biscuits');
  const { page } = await visitor();
  await page.goto(Person.address('tea & biscuits'));
  await expect(page).toHaveURL(/\/login/);
  await signIn(page).name.fill('小雨');
  await signIn(page).join.click();
  await expect(page.getByRole('heading', { level: 1, name: 'tea & biscuits' })).toBeVisible();
});

test('sign-in speaks Chinese by choice and keeps it', async ({ visitor }) => {
  const { page, watch } = await visitor();
  watch.announce(/status of 422|status of 400/);
  await holdAlerts(page);
  await page.goto('/login');
  await signIn(page, EN).language('中文').check();
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await signIn(page, ZH).name.fill('小雨');
  await signIn(page, ZH).join.click();
  await expect(channels(page, ZH).heading).toBeVisible();
  await expect(shell(page, ZH).flash(/小雨/)).toContainText(/[\u4e00-\u9fff]{2}/);
  await page.reload();
  await expect(channels(page, ZH).heading).toBeVisible();
});
