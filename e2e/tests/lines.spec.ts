/** Lines say what happened in a channel, and a host clears it. */
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

test('what happens in a channel stands between the messages', async ({ person, voice }) => {
  const host = await voice('Hanna');
  const general = await host.createChannel('general');
  const names = ['Bob', 'Cleo', 'Dan', 'Eve'];
  const people = [];
  for (const name of names) people.push(await voice(name));
  for (const one of people) await one.join(general);
  await host.post(general, 'welcome');
  const ada = await person('Ada');
  await ada.page.goto('/channel/general');
  const line = ada.page.getByRole('log').locator('.msg-sys').first();
  await expect(line).toContainText('Bob, Cleo and 2 others joined');
  // Live, the line goes on in its row, or a new one begins behind a message.
  await people[0]?.post(general, 'hello');
  await (await voice('Fay')).join(general);
  const newest = ada.page.getByRole('log').locator('.msg-sys').last();
  await expect(newest).toContainText('Fay joined');
  await (await voice('Gil')).join(general);
  await expect(newest).toContainText('Fay and Gil joined');
  // Who it was is unfolded, by the keyboard too.
  const show = line.getByRole('button', { name: 'Show' });
  await show.focus();
  await ada.page.keyboard.press('Enter');
  await expect(line).toContainText('Eve joined');
  await expect(line.getByRole('button', { name: 'Hide' })).toHaveAttribute('aria-expanded', 'true');
});

test('a host clears a channel, on every screen', async ({ person }) => {
  const [ada, grace] = [await person('Ada'), await person('Grace')];
  await ada.createChannel('physics');
  await ada.page.goto('/channel/physics');
  await chat(ada.page).box.fill('first guess');
  await chat(ada.page).send.click();
  await expect(chat(ada.page).row('first guess')).toBeVisible();
  await grace.page.goto('/channel/physics');
  await expect(chat(grace.page).row('first guess')).toBeVisible();
  await chat(grace.page).box.fill('second guess');
  await chat(grace.page).send.click();
  await expect(chat(ada.page).row('second guess')).toBeVisible();

  await ada.page.getByRole('button', { name: 'Channel options' }).click();
  await ada.page.getByRole('menuitem', { name: 'Details' }).click();
  await ada.page.getByRole('button', { name: 'Clear channel…' }).click();
  const dialog = ada.page.getByRole('alertdialog', { name: 'Clear #physics?' });
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ada.page.getByRole('button', { name: 'Clear channel…' })).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Clear channel' }).click();
  await expect(dialog).toBeHidden();
  for (const { page } of [ada, grace]) {
    await expect(chat(page).row('first guess')).toBeHidden();
    await expect(chat(page).row('second guess')).toBeHidden();
  }
  await expect(grace.page.getByRole('log')).toContainText('Ada cleared the channel');
  await expect(ada.page.getByRole('log')).toContainText('You cleared the channel');
  // A link to what was cleared says so.
  await grace.page.goto('/channel/physics/1');
  await expect(grace.page.getByText('That message is no longer kept.')).toBeVisible();
  await grace.page.reload();
  await expect(shell(grace.page).side.getByRole('link', { name: /physics/ })).toBeVisible();
  await expect(chat(grace.page).row('second guess')).toHaveCount(0);
});
