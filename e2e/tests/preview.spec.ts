/** Looking is not joining, and writing is. */
import { chat, channels, shell } from '../support/screen';
import { expect, test } from '../support/test';
import type { Person } from '../support/person';
import type { Channel } from '../support/voice';

const READING = 'You are reading #general. ';

test('a channel is read live by whoever is not in it, and the first message joins', async ({ person, voice }) => {
  const ada = await voice('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'before');
  const rain = await person('小雨');
  const { page } = rain;
  await page.goto('/channels');
  await channels(page).row('general').getByRole('link').first().click();
  await expect(chat(page).row('before')).toBeVisible();
  const line = chat(page).log.page().getByRole('status').filter({ hasText: READING });
  await expect(line).toHaveText(/1 person is in it; writing joins you\./);
  expect(await isIn(rain, general)).toBe(false);
  await ada.post(general, 'while they look');
  await expect(chat(page).row('while they look')).toBeVisible();
  await expect(shell(page).side.getByRole('link', { name: 'general' })).toHaveCount(0);

  await chat(page).box.fill('may I');
  await chat(page).box.press('Shift+Enter');
  await expect(chat(page).row('may I')).toHaveAttribute('data-state', 'sent');
  await expect(line).toHaveCount(0);
  await expect(shell(page).side.getByRole('link', { name: 'general' })).toBeVisible();
  expect(await isIn(rain, general)).toBe(true);
});

test('the Join button joins; leaving and Back do not', async ({ person, voice }) => {
  const ada = await voice('Ada');
  const general = await ada.createChannel('general');
  const rain = await person('小雨');
  const { page } = rain;
  await rain.open(general);
  const line = page.getByRole('status').filter({ hasText: READING });
  await line.getByRole('button', { name: 'Join' }).click();
  await expect(line).toHaveCount(0);
  await expect(chat(page).box).toBeFocused();
  expect(await isIn(rain, general)).toBe(true);
  await page.getByRole('button', { name: 'Channel options' }).click();
  await page.getByRole('menuitem', { name: 'Leave channel' }).click();
  await expect(channels(page).heading).toBeVisible();
  await page.waitForFunction(() => history.state === null);
  await page.evaluate(() => history.back());
  await expect(line).toBeVisible();
  await ada.post(general, 'still live');
  await expect(chat(page).row('still live')).toBeVisible();
  expect(await isIn(rain, general)).toBe(false);
});

test('a preview is live again after a lost connection, with what was missed', async ({ person, voice, network }) => {
  const ada = await voice('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'before');
  const rain = await person('小雨', {}, network);
  rain.watch.announce(/ERR_INTERNET_DISCONNECTED|WebSocket connection to|ERR_CONNECTION/);
  await rain.open(general);
  await expect(chat(rain.page).row('before')).toBeVisible();
  await rain.context.setOffline(true);
  await expect(chat(rain.page).away).toBeVisible();
  await ada.post(general, 'missed');
  await rain.context.setOffline(false);
  await expect(chat(rain.page).row('missed')).toBeVisible();
  await ada.post(general, 'and live');
  await expect(chat(rain.page).row('and live')).toBeVisible();
  expect(await isIn(rain, general)).toBe(false);
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the page has the line, the form and the button', async ({ voice, visitor }) => {
    const ada = await voice('Ada');
    const general = await ada.createChannel('general');
    const rain = await visitor({ javaScriptEnabled: false });
    await rain.signIn('小雨');
    await rain.open(general);
    await expect(rain.page.getByText(READING)).toBeVisible();
    await rain.page.getByRole('button', { name: 'Join' }).click();
    await expect(rain.page.getByText(READING)).toHaveCount(0);
    expect(await isIn(rain, general)).toBe(true);
  });
});

async function isIn(who: Person, channel: Channel): Promise<boolean> {
  return (await who.call<{ member: boolean }>('GET', `/api/channels/${channel.id}`)).member;
}
