/** The channels page: making, refusing, finding and joining channels. */
import { holdAlerts } from '../support/alerts';
import { Person } from '../support/person';
import { channels, chat, shell, ZH } from '../support/screen';
import { expect, test } from '../support/test';

test('the first channel is made from the empty page', async ({ person }) => {
  const { page } = await person('Ada');
  await holdAlerts(page);
  await page.goto('/channels');
  await expect(page.getByRole('heading', { name: 'No channels yet' })).toBeVisible();
  const form = channels(page);
  await form.name.fill('general');
  await form.topic.fill('Everyone, everything');
  await form.create.click();
  await expect(chat(page).title).toContainText('general');
  await expect(page).toHaveURL(/\/channel\/general$/);
  await expect(shell(page).flash(/general.* has been created/)).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Everyone, everything');
  await expect(page.getByText('This is the start of #general')).toBeVisible();
});

test('an empty name and one that exists are refused where they were typed', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 4\d\d/);
  await ada.createChannel('general');
  await ada.page.goto('/channels');
  const form = channels(ada.page);
  await form.create.click();
  await expect(ada.page.getByText('Channel name cannot be empty').first()).toBeVisible();
  await form.name.fill('GENERAL');
  await form.create.click();
  await expect(ada.page.getByText(/Channel .*general.* already exists/i).first()).toBeVisible();
  await expect(form.name).toHaveValue('GENERAL');
  await expect(channels(ada.page).row('general')).toHaveCount(1);
});

test('refusals and successes are told in Chinese', async ({ person }) => {
  const ada = await person('小雨', { locale: 'zh-CN' });
  ada.watch.announce(/status of 4\d\d/);
  await holdAlerts(ada.page);
  await ada.createChannel('设计评审');
  await ada.page.goto('/channels');
  const form = channels(ada.page, ZH);
  await form.create.click();
  await expect(ada.page.getByText(/频道名称不能为空/).first()).toBeVisible();
  await form.name.fill('设计评审');
  await form.create.click();
  await expect(ada.page.getByText(/设计评审.*已存在/).first()).toBeVisible();
  await form.name.fill('茶水间');
  await form.create.click();
  await expect(shell(ada.page, ZH).flash(/茶水间.*(已创建|创建成功)|(已创建|创建成功).*茶水间/)).toBeVisible();
});

test('a channel may be called anything', async ({ person }) => {
  const { page } = await person('Ada');
  for (const name of ['a/b?c=d#e', '50% off & "more" + <tea>', '  茶 水 间 🍵  ', '..']) {
    await test.step(JSON.stringify(name), async () => {
      await page.goto('/channels');
      await channels(page).name.fill(name);
      await channels(page).create.click();
      await expect(chat(page).title).toContainText(name.trim());
      await chat(page).box.fill(`here in ${name}`);
      await chat(page).box.press('Shift+Enter');
      await expect(chat(page).row('here in')).toHaveAttribute('data-state', 'sent');
      await page.reload();
      await expect(chat(page).row(`here in ${name.trim()}`)).toBeVisible();
      await page.goto('/channels');
      await channels(page).row(name.trim()).getByRole('link').first().click();
      await expect(chat(page).row(`here in ${name.trim()}`)).toBeVisible();
    });
  }
});

test('a channel that somebody else makes appears, and can be joined', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  await rain.page.goto('/channels');
  await expect(channels(rain.page).heading).toBeVisible();
  const made = await ada.createChannel('ferry-app', 'Timetable 4.2 ships Thursday');
  const row = channels(rain.page).row('ferry-app');
  await expect(row).toContainText('Timetable 4.2 ships Thursday');
  await expect(row).toContainText(/\d{4}-\d{2}-\d{2}/);
  await row.getByRole('button', { name: 'Join' }).click();
  await expect(shell(rain.page).side.getByRole('link', { name: 'ferry-app' })).toBeVisible();
  const members = await ada.call<{ total: number }>('GET', `/api/channels/${made.id}/members`);
  expect(members.total).toBe(2);
});

test('the list filters and shows the latest channel, and what was said there without its marks', async ({ person }) => {
  const ada = await person('Ada');
  await test.step('the list filters and shows the latest channel', async () => {
    for (const name of ['general', 'ferry-app', '茶水间']) await ada.createChannel(name);
    await ada.open('ferry-app');
    await expect(chat(ada.page).title).toContainText('ferry-app');
    await ada.page.getByRole('link', { name: 'Browse channels' }).click();
    const latest = ada.page.getByRole('heading', { name: 'The latest channel you accessed' }).locator('..');
    await expect(latest).toContainText('ferry-app');
    await channels(ada.page).filter.fill('茶');
    await expect(channels(ada.page).row('茶水间')).toBeVisible();
    await expect(channels(ada.page).row('general')).toBeHidden();
  });
  await test.step('the card of the channel that was open last shows what was said without its marks', async () => {
    const general = await ada.createChannel('marks');
    await ada.post(general, '> said\n**bold** `code` and [a name](https://ferries.example/long)');
    await ada.open(general);
    await expect(chat(ada.page).row('bold')).toBeVisible();
    await ada.page.goto('/channels');
    const card = ada.page.locator('.latest .peek');
    await expect(card).toHaveText(/^\s*A?\s*Ada\s+said\s+bold code and a name\s*$/);
  });
});

test('a channel that does not exist is a page that says so and leads on', async ({ person }) => {
  const { page, watch } = await person('Ada');
  watch.announce(/status of 404/);
  const response = await page.goto(Person.address('nowhere at all'));
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('main')).toContainText('nowhere at all');
  await page
    .getByRole('main')
    .getByRole('link', { name: /channels/i })
    .click();
  await expect(channels(page).heading).toBeVisible();
});

test('a channel that does not exist is named in the header', async ({ person }) => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ]) {
    const ada = await person(`Ada ${viewport.width}`, { viewport });
    ada.watch.announce(/status of 404/);
    await ada.page.goto('/channel/nowhere');
    await expect(ada.page.getByRole('banner').or(ada.page.locator('header.bar')).getByRole('heading')).toHaveText(
      'nowhere',
    );
    await expect(ada.page.getByRole('heading', { name: 'There is no channel called “nowhere”' })).toBeVisible();
  }
});
