/** Emoji that people put to messages. */
import { expectNothingFound } from '../support/axe';
import { chat, editing, messageMenu, reactions } from '../support/screen';
import { expect, test } from '../support/test';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const NETWORK = /Failed to load resource: net::/;

test('a reaction is seen by everybody, joined in with a press, and taken back by another', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'The pier photos are in');
  await ada.open(general);
  await rain.open(general);
  const [hers, his] = [chat(ada.page).row('pier'), chat(rain.page).row('pier')];
  await hers.hover();
  await reactions(hers).add.click();
  await expect(reactions(hers).quick('Thumbs up')).toBeFocused();
  await reactions(hers).quick('Party popper').click();
  await expect(reactions(hers).one('🎉')).toHaveText('🎉 1');
  await expect(reactions(hers).one('🎉')).toHaveAttribute('aria-pressed', 'true');
  await expect(reactions(his).one('🎉')).toHaveText('🎉 1');
  await expect(reactions(his).one('🎉')).toHaveAttribute('aria-pressed', 'false');
  await expect(reactions(his).one('🎉')).toHaveAccessibleName('Party popper, 1');

  await reactions(his).one('🎉').click();
  for (const row of [hers, his]) await expect(reactions(row).one('🎉')).toHaveText('🎉 2');
  // Who reacted, by a right click.
  await reactions(hers).one('🎉').click({ button: 'right' });
  await expect(reactions(hers).who.getByRole('listitem')).toHaveText([/Ada/, /小雨/]);
  await expectNothingFound(ada.page);
  await ada.page.keyboard.press('Escape');
  await expect(reactions(hers).who).toBeHidden();

  await reactions(his).one('🎉').click();
  await expect(reactions(hers).one('🎉')).toHaveText('🎉 1');
  await reactions(hers).one('🎉').click();
  for (const row of [hers, his]) await expect(reactions(row).all).toHaveCount(0);
});

test('without a network the last wish wins, is shown at once, and outlives a reload', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  const { number } = await ada.post(general, 'look');
  await ada.call('PUT', `/api/channels/${general.id}/messages/${number}/reactions/${encodeURIComponent('👀')}`);
  await ada.open(general);
  ada.watch.announce(NETWORK);
  const { page } = ada;
  const row = chat(page).row('look');
  await expect(reactions(row).one('👀')).toHaveAttribute('aria-pressed', 'true');
  let asked = 0;
  await page.route('**/reactions/**', (route) => ((asked += 1), route.abort()));
  await reactions(row).one('👀').click();
  await expect(reactions(row).all).toHaveCount(0);
  await row.hover();
  for (const name of ['Thumbs up', 'Heart', 'Heart']) {
    await row.hover();
    await reactions(row).add.first().click();
    await reactions(row).quick(name).click();
  }
  await expect(reactions(row).one('👍')).toHaveText('👍 1');
  await expect(reactions(row).one('❤️')).toHaveCount(0);
  await expect.poll(() => asked).toBeGreaterThan(0);
  await page.reload();
  await expect(reactions(chat(page).row('look')).all).toHaveText(['👍 1']);
  expect(await ada.messages(general)).toMatchObject([{ reactions: [{ emoji: '👀', mine: true }] }]);
  await page.unroute('**/reactions/**');
  await expect
    .poll(async () => (await ada.messages(general))[0])
    .toMatchObject({ reactions: [{ emoji: '👍', count: 1, mine: true }] });
  await expect(reactions(chat(page).row('look')).all).toHaveText(['👍 1']);
});

test('by keyboard alone and with the picker: R and the menu, arrows among the emoji, and the focus comes back', async ({
  person,
}) => {
  const ada = await person('Ada');
  await test.step('by keyboard alone: R and the menu, arrows among the emoji, and the focus comes back', async () => {
    const general = await ada.createChannel('general');
    await ada.post(general, 'press');
    await ada.open(general);
    const { page } = ada;
    const { keyboard } = page;
    const row = chat(page).row('press');
    await expect(row).toBeVisible();
    await keyboard.press('Shift+Tab');
    await expect(row).toBeFocused();
    await keyboard.press('r');
    await expect(reactions(row).quick('Thumbs up')).toBeFocused();
    await keyboard.press('ArrowRight');
    await keyboard.press('Enter');
    await expect(reactions(row).one('❤️')).toHaveText('❤️ 1');
    await expect(row).toBeFocused();
    await keyboard.press('Enter');
    await expect(messageMenu(page).item('Add reaction')).toBeFocused();
    await keyboard.press('Enter');
    await expect(reactions(row).quick('Thumbs up')).toBeFocused();
    await keyboard.press('Escape');
    await expect(row).toBeFocused();
    await keyboard.press('e');
    await expect(editing(page).field).toBeFocused();
  });
  await test.step('any other emoji comes from the picker, which gives the focus back', async () => {
    const general = await ada.createChannel('picker');
    await ada.post(general, 'boats');
    await ada.open(general);
    const { page } = ada;
    const row = chat(page).row('boats');
    await expect(row).toBeVisible();
    await row.focus();
    await page.keyboard.press('r');
    await page.getByRole('menuitem', { name: 'More reactions' }).click();
    await expect(page.getByRole('combobox', { name: 'Search emoji' })).toBeFocused();
    await page.keyboard.type('sailboat');
    await page.keyboard.press('Enter');
    await expect(reactions(row).one('⛵')).toHaveText('⛵ 1');
    await expect(row).toBeFocused();
  });
});

test.describe('on a phone', () => {
  test('the sheet begins with emoji; a finger that rests on a reaction shows who reacted', async ({ person }) => {
    const ada = await person('Ada', PHONE);
    const general = await ada.createChannel('general');
    const { number } = await ada.post(general, 'tap me');
    await ada.open(general);
    const { page } = ada;
    const row = chat(page).row('tap me');
    await row.locator('time button').tap();
    await expect(messageMenu(page).item('Edit message')).toBeVisible();
    await reactions(row).quick('Eyes').tap();
    await expect(messageMenu(page).menu).toBeHidden();
    await expect(reactions(row).one('👀')).toHaveText('👀 1');
    await expect
      .poll(async () => (await ada.messages(general)).find((one) => one.number === number))
      .toMatchObject({ reactions: [{ emoji: '👀' }] });
    const box = await reactions(row).one('👀').boundingBox();
    if (box === null) throw new Error('no box');
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const touch = await page.context().newCDPSession(page);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await expect(reactions(row).who).toBeVisible();
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await expect(reactions(row).who.getByRole('listitem')).toHaveText([/Ada/]);
    await expect(reactions(row).one('👀')).toHaveText('👀 1');
    await expectNothingFound(page);
    await page.goBack();
    await expect(reactions(row).who).toBeHidden();
  });
});

test('in Chinese it says so', async ({ person }) => {
  const ada = await person('小雨', { locale: 'zh-CN' });
  const general = await ada.createChannel('general');
  await ada.post(general, '尾班船');
  await ada.open(general);
  const row = chat(ada.page).row('尾班船');
  await row.hover();
  await row.getByRole('button', { name: '编辑消息' }).click();
  await editing(ada.page).field.fill('末班船');
  await editing(ada.page).save.click();
  await chat(ada.page).row('末班船').getByRole('button', { name: '（已编辑）' }).click();
  const versions = ada.page.getByRole('dialog', { name: '历史版本' });
  await expect(versions.getByRole('listitem')).toHaveText([/^当前.*末班船$/s, /^第一版.*尾班船$/s]);
  await expect(versions.locator('del')).toHaveText('尾');
});
