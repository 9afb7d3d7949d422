/** Many channels: Browse in pages, the sidebar of somebody who is in hundreds, the switcher, and the name of a group. */
import { holdAlerts } from '../support/alerts';
import { channels, chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

test('Browse shows the directory in pages, follows it and narrows it down', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  for (let number = 1; number <= 103; number += 1) await ada.createChannel(`room ${number}`);
  await rain.page.goto('/channels');
  const rows = rain.page.locator('table.list tbody tr');
  await expect(rows).toHaveCount(100);
  await expect(shell(rain.page).side.getByText('Channels you join are listed here.'), 'in none of them').toBeVisible();
  const more = rain.page.getByRole('button', { name: 'Show more channels' });
  await more.click();
  await expect(rows).toHaveCount(103);
  await expect(more).toBeHidden();

  // What others make and rename shows, also beyond the first page.
  const tea = await ada.createChannel('tea');
  await expect(channels(rain.page).row('tea')).toBeVisible();
  await ada.call('PATCH', `/api/channels/${tea.id}`, { name: 'coffee', topic: 'Beans' });
  await expect(channels(rain.page).row('coffee')).toContainText('Beans');
  await ada.call('PATCH', `/api/channels/${tea.id}`, { kind: 'private' });
  await expect(channels(rain.page).row('coffee')).toHaveCount(0);

  await channels(rain.page).filter.fill('#room 7');
  await expect(rows).toHaveCount(11);
  await rain.page.getByRole('combobox', { name: 'Sort by' }).selectOption('name');
  await expect(rows.first()).toContainText('room 7');
  await channels(rain.page).row('room 70').getByRole('button', { name: 'Join' }).click();
  await expect(shell(rain.page).side.getByRole('link', { name: 'room 70' })).toBeVisible();
  await expect(channels(rain.page).row('room 70').getByRole('link', { name: 'Open' })).toBeVisible();
  await channels(rain.page).filter.fill('nothing like it');
  await expect(rain.page.getByText('No channel matches “nothing like it”.')).toBeVisible();
  await rain.page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(rows).toHaveCount(100);
  await expect(channels(rain.page).filter).toBeFocused();

  // A channel that is only looked at opens from the list, and is the one visited last.
  await channels(rain.page).row('room 1').getByRole('link').first().click();
  await expect(chat(rain.page).title).toContainText('room 1');
  await rain.page.reload();
  await rain.page.goto('/channels');
  await expect(rain.page.locator('.latest')).toContainText('room 1');
});

test('the sidebar of somebody in hundreds of channels draws those that are near', async ({ person }) => {
  const ada = await person('Ada');
  for (let number = 1; number <= 400; number += 1) await ada.createChannel(`room ${number}`);
  await ada.open('room 200');
  const { side } = shell(ada.page);
  const rows = side.locator('a.row');
  await expect(rows.filter({ hasText: 'room 200' })).toHaveAttribute('aria-current', 'page');
  expect(await rows.count(), 'rows that are drawn').toBeLessThan(260);
  const link = side.getByRole('link', { name: 'room 400', exact: true });
  await expect(link).toHaveCount(0);
  // As high as all of them: what is far takes its room.
  await side.locator('.side-scroll').evaluate((scroller) => scroller.scrollTo(0, scroller.scrollHeight));
  await expect(link).toBeInViewport();
  await link.click();
  await expect(chat(ada.page).title).toContainText('room 400');
});

test('the switcher finds public channels that somebody is not in', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  await ada.createChannel('ferry-app');
  await ada.createChannel('general');
  await rain.page.goto('/channels');
  await expect(channels(rain.page).row('general')).toBeVisible();
  await rain.page.keyboard.press('Control+k');
  const { switcher } = shell(rain.page);
  await rain.page.keyboard.type('ferry');
  const option = switcher.getByRole('option', { name: 'ferry-app', exact: true });
  await expect(option).toBeVisible();
  await rain.page.keyboard.press('ArrowUp');
  await expect(option.or(switcher.getByRole('option', { selected: true })).first()).toBeVisible();
  await option.click();
  await expect(chat(rain.page).title).toContainText('ferry-app');
  await expect(rain.page.getByText('You are reading #ferry-app')).toBeVisible();
});

test('a group takes a name that all of it see, and gives it up', async ({ person }) => {
  const [ada, rain, eve] = [await person('Ada'), await person('小雨'), await person('Eve')];
  const ids: number[] = [];
  for (const one of [rain, eve]) ids.push((await one.call<{ id: number }>('GET', '/api/me')).id);
  const group = await ada.call<{ id: number }>('POST', '/api/direct', { people: ids });
  await ada.call('POST', `/api/channels/${group.id}/messages`, { text: 'hello' });
  await holdAlerts(ada.page);
  await ada.page.goto(`/c/${group.id}`);
  await rain.page.goto('/channels');
  await expect(shell(rain.page).side.getByRole('link', { name: 'Ada, Eve' })).toBeVisible();
  const open = ada.page.getByRole('main').getByRole('button', { name: /^3 / });
  await open.click();
  const dialog = ada.page.getByRole('dialog', { name: 'People in this conversation' });
  await expect(dialog.getByRole('listitem')).toHaveCount(3);
  await dialog.getByLabel('Name of the group').fill('Ferry crew');
  await dialog.getByRole('button', { name: 'Save name' }).click();
  await expect(dialog).toBeHidden();
  await expect(chat(ada.page).title).toContainText('Ferry crew');
  await expect(shell(rain.page).side.getByRole('link', { name: 'Ferry crew' })).toBeVisible();
  await open.click();
  await dialog.getByLabel('Name of the group').fill('');
  await dialog.getByRole('button', { name: 'Save name' }).click();
  await expect(shell(rain.page).side.getByRole('link', { name: 'Ada, Eve' })).toBeVisible();
});
