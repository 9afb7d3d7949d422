/** Profiles beside the page, statuses that pause notifications, and the limits of bots. */
import { holdAlerts } from '../support/alerts';
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

test('a card leads on to a profile, and that to a direct conversation', async ({ person, voice }) => {
  const [rain, ada] = [await person('Rain'), await voice('Ada')];
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'hello');
  await rain.open(general);
  const { page } = rain;
  // The face opens what the name opens.
  await chat(page).row('hello').locator('.av').click();
  const card = page.getByRole('dialog', { name: 'Profile of Ada' });
  await expect(card.getByRole('button', { name: 'Message' })).toBeVisible();
  await card.getByRole('button', { name: 'Profile' }).click();
  await expect(card).toBeHidden();
  const profile = page.getByRole('complementary', { name: 'Profile' });
  await expect(profile.getByRole('heading', { name: 'Profile' })).toBeFocused();
  await expect(profile).toContainText('Member, host of #general');
  await expect(profile.getByRole('link', { name: 'general' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(profile).toBeHidden();
  await expect(chat(page).row('hello').getByRole('button', { name: 'Ada' })).toBeFocused();

  // In the list of members a name leads there directly, and the arrow back to the list.
  await page.getByRole('button', { name: '2 members' }).click();
  const members = page.getByRole('complementary', { name: /^Members/ });
  await members.getByRole('button', { name: 'Ada', exact: true }).click();
  await profile.getByRole('button', { name: 'Mute for me' }).click();
  await expect(shell(page).flash(/You have muted Ada/)).toBeVisible();
  await expect(profile.getByRole('button', { name: 'Read again' })).toBeVisible();
  await profile.getByRole('button', { name: 'Back to members' }).click();
  await expect(profile).toBeHidden();
  await expect(members.getByRole('button', { name: 'Ada', exact: true })).toBeFocused();
  await members.getByRole('button', { name: 'Ada', exact: true }).click();
  await profile.getByRole('button', { name: 'Message', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ada' })).toBeVisible();
  await expect(profile).toBeHidden();
});

test('whoever pauses notifications is not called by the title, and others see it', async ({ person, voice }) => {
  const [rain, ada] = [await person('Rain'), await voice('Ada')];
  const general = await ada.createChannel('general');
  await rain.join(general);
  await rain.page.goto('/channels');
  await ada.post(general, 'hello @Rain');
  await expect(rain.page).toHaveTitle(/^\(1\) /);
  await shell(rain.page).account.click();
  await rain.page.getByRole('menuitem', { name: 'Set a status' }).click();
  const dialog = rain.page.getByRole('dialog', { name: 'Set a status' });
  await dialog.getByRole('combobox', { name: 'Until' }).selectOption('I take it away myself');
  // A pause has an end.
  await dialog.getByRole('switch', { name: 'Pause notifications until then' }).check();
  await expect(dialog.getByRole('combobox', { name: 'Until' })).toHaveValue('hour');
  await dialog.getByRole('button', { name: 'Set a status' }).click();
  await expect(dialog).toBeHidden();
  await expect(rain.page).toHaveTitle(/^[^(]/);
  const card = (await (await rain.context.request.get('/api/me')).json()) as { profile: { status: { quiet: boolean } } };
  expect(card.profile.status.quiet).toBe(true);
  await expect(shell(rain.page).side.getByRole('link', { name: /general/ })).toContainText('1');
});

test('a bot gets its limits when it is made, and is listed with them', async ({ person }) => {
  const ada = await person('Ada');
  await ada.createChannel('tea');
  await ada.createChannel('cake');
  const { page } = ada;
  await holdAlerts(page);
  await page.goto('/settings');
  const bots = page.locator('#bots');
  await bots.getByRole('textbox', { name: 'Token name' }).fill('kettle');
  await bots.getByRole('combobox', { name: 'What it may do' }).selectOption('Only read');
  await bots.getByRole('combobox', { name: 'Where' }).selectOption('Only in some channels');
  await bots.getByRole('button', { name: 'Make token' }).click();
  await expect(bots.getByRole('alert')).toHaveText('Choose at least one channel.');
  await bots.getByRole('checkbox', { name: 'tea' }).check();
  await bots.getByRole('button', { name: 'Make token' }).click();
  await expect(bots).toContainText('only reads, only in #tea');
  const token = await bots.getByRole('textbox', { name: 'kettle' }).inputValue();
  const answer = await fetch(new URL('/api/channels', page.url()), { headers: { Authorization: `Bearer ${token}` } });
  const { channels } = (await answer.json()) as { channels: { name: string }[] };
  expect(channels.map(({ name }) => name)).toEqual(['tea']);
});
