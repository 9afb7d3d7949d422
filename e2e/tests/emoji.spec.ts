/** Emoji: the picker, and the lists behind `:` and `#`. */
import type { Locator, Page } from '@playwright/test';
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, ZH } from '../support/screen';
import { expect, test } from '../support/test';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** The picker's parts. Its button comes with all that helps to write, a little after the field. */
function picker(page: Page) {
  const box = page.getByRole('dialog', { name: /^Emoji$|^表情$/ });
  return {
    box,
    button: page.getByRole('button', { name: /^Emoji$|^表情$/ }),
    search: box.getByRole('combobox', { name: /^Search emoji$|^搜索表情$/ }),
    emoji: (name: string): Locator => box.getByRole('button', { name, exact: true }),
    tab: (name: string): Locator => box.getByRole('tab', { name }),
    tone: box.getByRole('button', { name: /^Skin tone: |^肤色：/ }),
    /** The one that Enter picks. */
    async chosen(): Promise<string | null> {
      const id = await this.search.getAttribute('aria-activedescendant');
      return id === null ? null : box.locator(`#${id}`).getAttribute('aria-label');
    },
  };
}

function list(page: Page) {
  const box = page.getByRole('listbox');
  return { box, options: box.getByRole('option'), chosen: box.getByRole('option', { selected: true }) };
}

test('the picker by keyboard alone and by mouse, and one skin tone for it and for the list', async ({ person }) => {
  const ada = await person('Ada');
  await test.step('the picker by keyboard alone: search, move, pick and stay, pick and close', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    await expect(picker(ada.page).button).toBeVisible();
    const { page } = ada;
    const { box, button, emoji, search } = picker(page);
    const chosen = (): Promise<string | null> => picker(page).chosen();
    const { box: field, row } = chat(page);
    await field.pressSequentially('ab');
    await field.press('ArrowLeft');
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(search).toBeFocused();
    await expect(picker(page).tab('Popular')).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.type('boat');
    await expect.poll(chosen).toBe('sailboat');
    await page.keyboard.press('ArrowRight');
    await expect.poll(chosen).not.toBe('sailboat');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(chosen).toBe('sailboat');
    await page.keyboard.press('Shift+Enter');
    await expect(box).toBeVisible();
    await expect(search).toBeFocused();
    await expect(field).toHaveValue('a⛵b');
    await search.fill(':ship:');
    await page.keyboard.press('Enter');
    await expect(box).toBeHidden();
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('a⛵🚢b');
    // The caret stands behind it, undo takes it back, and the draft has it.
    await page.keyboard.type('!');
    await expect(field).toHaveValue('a⛵🚢!b');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect(field).toHaveValue('a⛵b');
    await page.reload();
    await expect(field).toHaveValue('a⛵b');
    await field.press('Shift+Enter');
    await expect(row('a⛵b')).toHaveAttribute('data-state', 'sent');
    // What was picked is first, and Escape gives the focus back.
    await button.focus();
    await page.keyboard.press('Enter');
    await expect.poll(chosen).toBe('ship');
    await page.keyboard.press('ArrowRight');
    await expect.poll(chosen).toBe('sailboat');
    await page.keyboard.press('ArrowDown');
    await expect.poll(chosen).toBe('grinning face with big eyes');
    // With Tab one goes into the grid itself: past the tone and the tabs, to the chosen one.
    for (let stop = 0; stop < 3; stop += 1) await page.keyboard.press('Tab');
    await expect(emoji('grinning face with big eyes')).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(emoji('grinning face')).toBeFocused();
    await page.keyboard.press('Shift+Enter');
    await expect(field).toHaveValue('😀');
    await page.keyboard.press('Escape');
    await expect(box).toBeHidden();
    await expect(button).toBeFocused();
  });
  await test.step('the picker by mouse: tabs, pointing, picking, and a second press that closes', async () => {
    const general = await ada.createChannel('mouse');
    await ada.open(general);
    await expect(picker(ada.page).button).toBeVisible();
    const { page } = ada;
    const { box, button, emoji, tab } = picker(page);
    const { box: field } = chat(page);
    await button.click();
    await tab('Flags').click();
    await expect(tab('Flags')).toHaveAttribute('aria-selected', 'true');
    await expect(box.getByRole('heading', { name: 'Flags' })).toBeInViewport();
    await tab('Food').click();
    await expect(tab('Food')).toHaveAttribute('aria-selected', 'true');
    await emoji('grapes').hover();
    await expect(box.getByText(':grapes:')).toBeVisible();
    await emoji('grapes').click({ modifiers: ['Shift'] });
    await expect(box).toBeVisible();
    await emoji('melon').click();
    await expect(box).toBeHidden();
    await expect(field).toHaveValue('🍇🍈');
    await button.click();
    await expect(box).toBeVisible();
    await button.click();
    await expect(box).toBeHidden();
    // It stands on the composer and not over it.
    await button.click();
    const [over, under] = [await box.boundingBox(), await page.getByRole('form', { name: /^Message #/ }).boundingBox()];
    expect((over?.y ?? 0) + (over?.height ?? 0)).toBeLessThanOrEqual(under?.y ?? 0);
    await page.goBack();
    await expect(box).toBeHidden();
    await expect(field).toHaveValue('🍇🍈');
  });
  await test.step('one skin tone is kept, for the picker and for the list', async () => {
    const general = await ada.createChannel('tones');
    await ada.open(general);
    await expect(picker(ada.page).button).toBeVisible();
    const { page } = ada;
    const { box, button, emoji, search, tone } = picker(page);
    const { box: field } = chat(page);
    await button.click();
    await tone.focus();
    await page.keyboard.press('Enter');
    await expect(box.getByRole('radio', { name: 'default' })).toBeFocused();
    for (let step = 0; step < 4; step += 1) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect(tone).toHaveAccessibleName('Skin tone: medium dark');
    await expect(search).toBeFocused();
    await search.fill('waving');
    await emoji('waving hand').click();
    await expect(field).toHaveValue('👋🏾');
    await page.reload();
    await expect(button).toBeVisible();
    await field.fill('');
    await field.pressSequentially(':+1');
    await expect(list(page).chosen).toHaveCount(1);
    await field.press('Enter');
    await expect(field).toHaveValue('👍🏾');
    await button.click();
    await expect(tone).toHaveAccessibleName('Skin tone: medium dark');
  });
});

test('the list behind a colon: letters and keys, while Enter sends, and with an input method', async ({ person }) => {
  const ada = await person('Ada');
  await test.step('the list behind a colon: letters, arrows, Enter and Tab, Escape, and a code that is whole', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    await expect(picker(ada.page).button).toBeVisible();
    const { page } = ada;
    const { box: field, rows } = chat(page);
    const { box, options, chosen } = list(page);
    await field.pressSequentially('On my way, :f');
    await expect(box).toBeHidden();
    await field.press('e');
    await field.press('r');
    await expect(box).toHaveAccessibleName('Emoji for “fer”');
    await expect(chosen).toHaveText(/^⛴️\s*:ferry:\s*渡轮$/);
    await expect(chosen.locator('b')).toHaveText('fer');
    await expect(field).toHaveAttribute('aria-activedescendant', (await chosen.getAttribute('id')) ?? '');
    await field.press('ArrowDown');
    await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
    await expect(chosen).toContainText(':ferris_wheel:');
    await field.press('ArrowUp');
    await field.press('Enter');
    await expect(box).toBeHidden();
    await expect(field).toHaveValue('On my way, ⛴️');
    await field.pressSequentially(' :shi');
    await expect(chosen).toHaveCount(1);
    await field.press('Tab');
    await expect(field).toBeFocused();
    await expect(field).toHaveValue('On my way, ⛴️ 🚢');
    await page.keyboard.press('Control+z');
    await expect(field).toHaveValue('On my way, ⛴️ :shi');
    await field.fill('');
    // Escape leaves the text, and the list away for this word.
    await field.pressSequentially(':tad');
    await expect(box).toBeVisible();
    await field.press('Escape');
    await expect(box).toBeHidden();
    await field.press('a');
    await expect(field).toHaveValue(':tada');
    await expect(box).toBeHidden();
    await field.press('Enter');
    await expect(field).toHaveValue(':tada\n');
    // What finds nothing takes no key.
    await field.fill('');
    await field.pressSequentially(':qqqq');
    await expect(box).toBeHidden();
    await field.press('Enter');
    await expect(field).toHaveValue(':qqqq\n');
    await field.fill('');
    await field.pressSequentially('at 12:30 see https://a.example or :tada:');
    await expect(field).toHaveValue('at 12:30 see https://a.example or 🎉');
    // A press beside the list is no pick; one on it is.
    await field.pressSequentially(' :shi');
    await options.filter({ hasText: ':ship:' }).click();
    await expect(field).toHaveValue('at 12:30 see https://a.example or 🎉 🚢');
    await expect(field).toBeFocused();
    await field.press('Shift+Enter');
    await expect(rows).toHaveCount(1);
  });
  await test.step('while an input method composes, nothing is picked, closed or chosen', async () => {
    const general = await ada.createChannel('composing');
    await ada.open(general);
    await expect(picker(ada.page).button).toBeVisible();
    const { page } = ada;
    const { box: field } = chat(page);
    const { box, options } = list(page);
    await field.pressSequentially(':fer');
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    for (const key of ['Enter', 'Tab', 'Escape', 'ArrowDown']) {
      await field.dispatchEvent('keydown', { key, keyCode: 229, bubbles: true });
      await field.dispatchEvent('keydown', { key, isComposing: true, bubbles: true });
    }
    await expect(field).toHaveValue(':fer');
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    await field.press('Escape');
    await expect(box).toBeHidden();
    // The letters of a word that is being composed are not looked up; the word is.
    await field.fill('');
    const session = await page.context().newCDPSession(page);
    await field.pressSequentially(':');
    await session.send('Input.imeSetComposition', { text: 'chuan', selectionStart: 5, selectionEnd: 5 });
    await expect(field).toHaveValue(':chuan');
    await expect(box).toBeHidden();
    await session.send('Input.insertText', { text: '帆船' });
    await expect(field).toHaveValue(':帆船');
    await expect(options.first()).toContainText('⛵');
    await field.press('Escape');
    // The picker's search.
    const { button, search, box: dialog } = picker(page);
    await button.click();
    await search.fill('ship');
    for (const key of ['Enter', 'ArrowRight'])
      await search.dispatchEvent('keydown', { key, keyCode: 229, bubbles: true });
    await expect(dialog).toBeVisible();
    await expect.poll(() => picker(page).chosen()).toBe('ship');
    await expect(field).toHaveValue(':帆船');
  });
  await test.step('while Enter sends, it picks as long as something is chosen', async () => {
    const general = await ada.createChannel('sending');
    await ada.open(general);
    await expect(picker(ada.page).button).toBeVisible();
    const { page } = ada;
    const { box: field, row, rows, enterSends } = chat(page);
    await enterSends.click();
    await field.pressSequentially('go :shi');
    await expect(list(page).chosen).toHaveCount(1);
    await field.press('Enter');
    await expect(field).toHaveValue('go 🚢');
    await expect(rows).toHaveCount(0);
    await field.press('Enter');
    await expect(row('go 🚢')).toHaveAttribute('data-state', 'sent');
  });
});

test('in Chinese: names and Pinyin, with what was typed in bold', async ({ person }) => {
  const ada = await person('Ada', { locale: 'zh-CN' });
  const general = await ada.createChannel('general');
  await ada.open(general);
  await expect(picker(ada.page).button).toBeVisible();
  const { page } = ada;
  const { box: field } = chat(page, ZH);
  const { box, options, chosen } = list(page);
  await field.pressSequentially('马上到:chuan');
  await expect(box).toHaveAccessibleName('与“chuan”匹配的表情');
  await expect(chosen).toHaveText(/^🚢\s*船\s*chuan · :ship:$/);
  const sailboat = options.filter({ hasText: '帆船' }).first();
  await expect(sailboat).toHaveText(/fanchuan · :boat:$/);
  await expect(sailboat.locator('b')).toHaveText('chuan');
  await field.press('Enter');
  await expect(field).toHaveValue('马上到🚢');
  const { button, search, emoji, box: dialog } = picker(page);
  await button.click();
  await search.fill('mtl');
  await expect(dialog.getByRole('heading', { name: '与“mtl”匹配' })).toBeVisible();
  await expect.poll(() => picker(page).chosen()).toBe('摩天轮');
  await search.fill('没有这个');
  await expect(dialog.getByRole('status')).toHaveText('没有与“没有这个”匹配的表情。');
  await search.fill('帆船');
  await emoji('帆船').click();
  await expect(field).toHaveValue('马上到🚢⛵');
});

test('channels behind #: own ones, and Enter takes none before letters choose one', async ({ person, voice }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.createChannel('gears');
  await (await voice('Grace')).createChannel('gentle');
  await ada.open(general);
  await expect(picker(ada.page).button).toBeVisible();
  const { page } = ada;
  const { box: field } = chat(page);
  const { box, options, chosen } = list(page);
  await field.pressSequentially('see #');
  await expect(options).toHaveCount(2);
  await expect(chosen).toHaveCount(0);
  await field.press('Enter');
  await expect(field).toHaveValue('see #\n');
  await field.fill('');
  await field.pressSequentially('see #gen');
  await expect(box).toHaveAccessibleName('Channels');
  await expect(options).toHaveCount(1);
  await field.press('Tab');
  await expect(field).toHaveValue('see #general ');
  await field.fill('');
  await field.pressSequentially('# Title');
  await expect(box).toBeHidden();
});

test('on a phone the picker is a sheet, without a keyboard of its own', async ({ person }) => {
  const ada = await person('Ada', PHONE);
  const general = await ada.createChannel('general');
  await ada.open(general);
  await expect(picker(ada.page).button).toBeVisible();
  const { page } = ada;
  const { box, button, emoji, search, tone } = picker(page);
  const { box: field } = chat(page);
  await expectNoSidewaysScroll(page);
  await field.fill('ab');
  await button.tap();
  await expect(search).not.toBeFocused();
  const place = await box.boundingBox();
  expect((place?.y ?? 0) + (place?.height ?? 0)).toBeCloseTo(844, 0);
  expect(place?.width).toBe(390);
  await expectNoSidewaysScroll(page);
  const grapes = await emoji('grinning face').boundingBox();
  expect(grapes?.width).toBeGreaterThanOrEqual(44);
  await tone.tap();
  await box.getByRole('radio', { name: 'dark', exact: true }).tap();
  await search.fill('thumbs up');
  await emoji('thumbs up').tap();
  await expect(box).toBeHidden();
  await expect(field).toHaveValue('ab👍🏿');
  // Back and a press beside it close it and do nothing else.
  await button.tap();
  await expect(box).toBeVisible();
  await page.goBack();
  await expect(box).toBeHidden();
  await button.tap();
  await expect(box).toBeVisible();
  await page.touchscreen.tap(200, 100);
  await expect(box).toBeHidden();
  await expect(field).toHaveValue('ab👍🏿');
  await field.pressSequentially(' :fer');
  await expect(list(page).chosen).toContainText(':ferry:');
  await list(page).options.first().tap();
  await expect(field).toHaveValue('ab👍🏿 ⛴️');
});

test('nothing of it is loaded before it is wanted, and a failure says so and can be tried again', async ({
  person,
}) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  const { page } = ada;
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/emoji.*\.json/.test(request.url())) asked.push(request.url());
  });
  ada.watch.announce(/ERR_FAILED|Failed to load resource/);
  await page.route(/emoji.*\.json/, (route) => route.abort());
  await ada.open(general);
  await expect(picker(ada.page).button).toBeVisible();
  const { box, button, emoji } = picker(page);
  await button.click();
  await expect(box.getByRole('alert')).toContainText('The emoji could not be loaded.');
  await page.unroute(/emoji.*\.json/);
  expect(asked).toHaveLength(1);
  await box.getByRole('button', { name: 'Try again' }).click();
  await expect(emoji('grinning face')).toBeVisible();
  await page.keyboard.press('Escape');
  await chat(page).box.pressSequentially(':fer');
  await expect(list(page).box).toBeVisible();
  expect(asked).toHaveLength(2);
});
