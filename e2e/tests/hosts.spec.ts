/** What hosts do: private channels, who is in them, and what stands where one may not write. */
import { channels, chat, shell } from '../support/screen';
import { expect, test } from '../support/test';
import type { Channel } from '../support/voice';

test('a private channel is there for its people and for nobody else', async ({ person, voice }) => {
  const [ada, grace] = [await person('Ada'), await person('Grace')];
  const eve = await voice('Eve');
  grace.watch.announce(/status of 404/);
  await grace.createChannel('general');
  await ada.page.goto('/channels');
  const form = channels(ada.page);
  await form.name.fill('plans');
  await ada.page.getByRole('radio', { name: /^Private/ }).check();
  const picker = ada.page.getByRole('combobox', { name: /^People/ });
  await picker.fill('gra');
  await ada.page.getByRole('option', { name: 'Grace' }).click();
  await form.create.click();
  await expect(chat(ada.page).title).toContainText('plans');
  await expect(ada.page).toHaveURL(/\/c\/\d{10,16}$/);
  const id = Number(new URL(ada.page.url()).pathname.split('/')[2]);
  await chat(ada.page).box.fill('only for us');
  await chat(ada.page).send.click();

  await grace.page.goto('/channels');
  const link = shell(grace.page).side.getByRole('link', { name: /plans/ });
  await link.click();
  await expect(chat(grace.page).row('only for us')).toBeVisible();
  // The same address after a reload.
  await grace.page.reload();
  await expect(chat(grace.page).row('only for us')).toBeVisible();
  const seen = await eve.call<{ channels: Channel[] }>('GET', '/api/directory');
  expect(seen.channels.map(({ name }) => name)).toEqual(['general']);

  // Taken out: it is gone at once, with its rows.
  await ada.page.getByRole('button', { name: /members/ }).click();
  const pane = ada.page.getByRole('complementary', { name: /^Members/ });
  await pane.getByRole('button', { name: 'More for Grace' }).click();
  await ada.page.getByRole('menuitem', { name: 'Take out' }).click();
  await expect(shell(grace.page).flash('You are not in #plans any more.')).toBeVisible();
  await expect(channels(grace.page).heading).toBeVisible();
  await expect(link).toHaveCount(0);
  await expect(grace.page.getByText('only for us')).toHaveCount(0);
  await grace.page.goto(`/c/${id}`);
  await expect(grace.page.getByRole('heading', { name: 'There is no channel at this address' })).toBeVisible();
});

test('what stands in the place of the composer says why, and a draft is kept behind it', async ({ person }) => {
  const [ada, grace] = [await person('Ada'), await person('Grace')];
  const general = await ada.createChannel('general');
  await grace.call('PUT', `/api/channels/${general.id}/membership`);
  const set = (patch: object): Promise<unknown> => ada.call('PATCH', `/api/channels/${general.id}`, patch);
  await grace.open(general);
  await ada.open(general);
  const { box } = chat(grace.page);
  const shut = (text: string) => grace.page.getByRole('status').filter({ hasText: text });
  await box.fill('half a thought');
  for (const [patch, back, text] of [
    [{ locked: true }, { locked: false }, 'Locked by Ada'],
    [{ all_muted: true }, { all_muted: false }, 'Ada is speaking'],
    [{ posting: 'hosts' }, { posting: 'everybody' }, 'Only hosts write here'],
    [{ archived: true }, { archived: false }, 'Archived on'],
  ] as const) {
    await set(patch);
    await expect(shut(text)).toBeVisible();
    await expect(box).toBeHidden();
    await set(back);
    await expect(box).toHaveValue('half a thought');
    await expect(shut(text)).toHaveCount(0);
  }
  const mute = `/api/channels/${general.id}/mutes/${(await grace.call<{ id: number }>('GET', '/api/me')).id}`;
  await ada.call('PUT', mute, { minutes: 10 });
  await expect(shut('You cannot write here until')).toBeVisible();
  await ada.call('DELETE', mute);
  await expect(box).toHaveValue('half a thought');

  // A host writes on, and opens it again.
  await set({ locked: true });
  await expect(chat(ada.page).box).toBeVisible();
  await ada.page.getByRole('button', { name: 'Open it again' }).click();
  await expect(box).toBeVisible();

  await set({ slow_s: 60 });
  await expect(grace.page.getByText('Slow mode: one message every 1 min. Keep writing.')).toBeVisible();
  // That Grace joined a moment ago is no message.
  await expect(chat(grace.page).send).not.toHaveText(/Send in/);
  await chat(grace.page).send.click();
  await expect(chat(grace.page).row('half a thought')).toBeVisible();
  await expect(chat(grace.page).send).toHaveText(/^Send in 0:5\d|^Send in 1:00/);
  await expect(chat(ada.page).send).not.toHaveText(/Send in/);
});

test('a host renames, closes and deletes a channel in its pane', async ({ person }) => {
  const [ada, grace] = [await person('Ada'), await person('Grace')];
  grace.watch.announce(/status of 404/);
  const general = await ada.createChannel('general');
  await ada.post(general, 'a first word');
  await grace.call('PUT', `/api/channels/${general.id}/membership`);
  await grace.open(general);
  await ada.open(general);
  const { page } = ada;
  await page.getByRole('button', { name: 'Channel options' }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  const pane = page.getByRole('complementary', { name: /^Details/ });
  await expect(pane).toContainText('Public, made by Ada');
  await pane.getByRole('combobox', { name: 'Who may write' }).selectOption('Hosts');
  await expect(grace.page.getByText('Only hosts write here')).toBeVisible();
  await pane.getByRole('button', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('news');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(chat(grace.page).title).toContainText('news');
  await expect(grace.page).toHaveURL(/\/channel\/news$/);
  await expect(chat(grace.page).row('a first word')).toBeVisible();
  await grace.page.goto('/channel/general');
  await expect(chat(grace.page).title).toContainText('news');

  await pane.getByRole('switch', { name: 'Private' }).click();
  await page.getByRole('button', { name: 'Make it private' }).click();
  await expect(page).toHaveURL(/\/c\/\d+$/);
  await expect(grace.page).toHaveURL(/\/c\/\d+$/);
  await expect(pane.getByRole('switch', { name: 'Private' })).toBeChecked();

  await pane.getByRole('button', { name: 'Delete channel…' }).click();
  const confirm = page.getByRole('button', { name: 'Delete channel', exact: true });
  await expect(confirm).toBeDisabled();
  await page.getByRole('textbox', { name: 'Type news to delete it' }).fill('news');
  await confirm.click();
  await expect(shell(page).flash('#news is deleted.')).toBeVisible();
  await expect(shell(grace.page).flash('You are not in #news any more.')).toBeVisible();
  await expect(channels(grace.page).heading).toBeVisible();
});
