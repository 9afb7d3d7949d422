/** Finding messages, files, people and channels: by keyboard, in both languages, on a phone, and without a connection. */
import AxeBuilder from '@axe-core/playwright';
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

const NETWORK = /ERR_INTERNET_DISCONNECTED|WebSocket|Failed to load resource/;

test('messages are found by words and filters, with keys alone; the address holds what is asked', async ({
  person,
  voice,
}) => {
  const [rain, ada, chen] = [await person('Rain'), await voice('Ada Okafor'), await voice('陈思远')];
  const general = await ada.createChannel('general');
  const review = await ada.createChannel('设计评审');
  const { page } = rain;
  for (const channel of [general, review]) for (const one of [rain, chen]) await one.join(channel);
  const first = await ada.post(general, 'the timetable opens on the next sailing');
  await ada.post(review, 'Timetables that work offline');
  const chinese = await chen.post(review, '我今晚把北角码头的时刻再核对一遍');
  await chen.post(review, '见 https://pier.example 的 timetable');
  const file = await ada.upload({ name: 'timetable-pier-5.txt', mimeType: 'text/plain', buffer: Buffer.from('5') });
  await ada.post(general, 'the printed one', [file]);
  await rain.open(general);
  await expect(chat(page).rows).toHaveCount(2);
  await chat(page).log.focus();

  await page.keyboard.press('/');
  await expect(page).toHaveURL(`/search?in=${general.id}`);
  const field = page.getByRole('combobox', { name: 'Search messages and files' });
  const filters = page.getByRole('group', { name: 'Filters' });
  const panel = page.getByRole('tabpanel');
  const hits = panel.getByRole('listitem');
  await expect(field).toBeFocused();
  await expect(filters.getByRole('button', { name: 'In general. Take the filter away' })).toBeVisible();
  await page.keyboard.type('timetable');
  await page.keyboard.press('Enter');
  await expect(hits).toHaveText([
    /the printed one.*timetable-pier-5\.txt/s,
    /Ada Okafor.*#general.*the timetable opens/s,
  ]);
  await expect(hits.last().locator('mark')).toHaveText('timetable');
  await expect(hits.first().locator('mark')).toHaveText('timetable');
  await panel.getByRole('button', { name: 'Search everywhere' }).click();
  await expect(hits).toHaveCount(4);
  await expect(panel.getByRole('status').first()).toHaveText('4 messages with timetable');
  await expect(page.getByRole('tab', { name: 'Files 1' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);

  await test.step('a filter is completed by Pinyin and becomes a pill', async () => {
    await field.focus();
    await page.keyboard.press('End');
    await page.keyboard.type(' from:csy');
    const option = page.getByRole('option', { name: /^陈思远/ });
    await expect(option).toHaveAttribute('aria-selected', 'true');
    await expect(option).toHaveText(/chen si yuan/);
    await page.keyboard.press('Enter');
    await expect(filters.getByRole('button', { name: 'From 陈思远. Take the filter away' })).toBeVisible();
    await expect(field).toHaveValue('timetable');
    await expect(hits).toHaveText([/见 https/]);
    await page.keyboard.type(' has:li');
    await page.keyboard.press('Enter');
    await expect(filters.getByRole('button', { name: 'Has a link' })).toHaveAttribute('aria-pressed', 'true');
    await expect(hits).toHaveCount(1);
  });

  await test.step('filters that are typed in full become pills when the server knows them', async () => {
    await filters.getByRole('button', { name: 'Has a link' }).click();
    await filters.getByRole('button', { name: /^From 陈思远/ }).click();
    await field.fill('频道：设计评审 timetables from:"Ada Okafor" ');
    await page.keyboard.press('Enter');
    await expect(field).toHaveValue('timetables');
    await expect(page).toHaveURL(/\/search\?q=timetables&from=\d+&in=\d+$/);
    await expect(hits).toHaveText([/Timetables that work offline/]);
    await page.reload();
    await expect(field).toHaveValue('timetables');
    await expect(filters.getByRole('button', { name: /^From Ada Okafor/ })).toBeVisible();
    await expect(hits).toHaveText([/Timetables that work offline/]);
  });

  await test.step('nothing found says what was asked, and offers less', async () => {
    await field.fill('tiemtable');
    await page.keyboard.press('Enter');
    await expect(panel.getByRole('heading', { name: 'Nothing for “tiemtable”' })).toBeVisible();
    await expect(panel).toContainText('2 filters are on as well.');
    await panel.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(panel).not.toContainText('filters are on');
    await field.fill('timetable 时刻');
    await page.keyboard.press('Enter');
    await panel.getByRole('button', { name: 'Show 5 messages with one of the words' }).click();
    await expect(hits).toHaveCount(5);
  });

  await test.step('keys lead from the field to a hit, which opens in its channel; back leads to the hits', async () => {
    const row = hits.filter({ hasText: '北角码头' });
    await expect(row.locator('mark')).toHaveText('时刻');
    await field.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await row.getByRole('link').focus();
    await page.keyboard.press('Enter');
    await expect(chat(page).number(chinese.number)).toBeFocused();
    await page.goBack();
    await expect(hits).toHaveCount(5);
    await expect(field).toHaveValue('timetable 时刻');
    await page.getByRole('tab', { name: /^Files/ }).click();
    await expect(hits).toHaveText([/timetable-pier-5\.txt.*Ada Okafor in #general/s]);
  });

  await test.step('what is deleted is not found any more', async () => {
    await ada.call('DELETE', `/api/channels/${general.id}/messages/${first.number}`);
    await page.getByRole('tab', { name: /^Messages/ }).click();
    await field.fill('sailing');
    await page.keyboard.press('Enter');
    await expect(panel.getByRole('heading', { name: 'Nothing for “sailing”' })).toBeVisible();
  });
});

test('the switcher finds by Pinyin and leads to the search; the search says without a connection that it needs one', async ({
  person,
  voice,
}) => {
  const [rain, chen] = [await person('小雨', { locale: 'zh-CN' }), await voice('单田芳')];
  const branch = await chen.createChannel('重庆分部');
  await chen.createChannel('茶水间');
  await rain.join(branch);
  await chen.post(branch, '尾班船的时刻');
  const { page } = rain;
  await rain.open(branch);
  await expect(chat(page).rows).toHaveCount(1);
  const { switcher } = shell(page);
  const openSwitcher = async (): Promise<void> => {
    await page.keyboard.press('Control+k');
    await expect(switcher.getByRole('combobox')).toBeFocused();
  };
  for (const [typed, name, reading] of [
    ['cqf', '重庆分部', 'chong qing fen bu'],
    ['zq', '重庆分部', 'zhong qing fen bu'],
    ['chashui', '茶水间', 'cha shui jian'],
    ['stf', '单田芳', 'shan tian fang'],
  ] as const) {
    await openSwitcher();
    await page.keyboard.type(typed);
    const option = switcher.getByRole('option').first();
    await expect(option).toContainText(name);
    await expect(option).toContainText(reading);
    await page.keyboard.press('Escape');
    await expect(switcher).toBeHidden();
  }
  await openSwitcher();
  await page.keyboard.type('stf');
  await expect(switcher.getByRole('option', { name: /单田芳/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(chat(page).title).toContainText('单田芳');

  await openSwitcher();
  await page.keyboard.type('时刻');
  await switcher.getByRole('option', { name: '搜索含“时刻”的消息' }).click();
  const field = page.getByRole('combobox', { name: '搜索消息和文件' });
  const hits = page.getByRole('tabpanel').getByRole('listitem');
  await expect(field).toHaveValue('时刻');
  await expect(hits).toHaveText([/单田芳.*#重庆分部.*尾班船的时刻/s]);

  // The filter and its value, by Pinyin alone.
  await page.keyboard.press('End');
  await page.keyboard.type(' fasong');
  await expect(page.getByRole('option', { name: /^发送人/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('时刻 发送人:');
  await page.keyboard.type('dtf');
  await expect(page.getByRole('option', { name: /^单田芳/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: '来自 单田芳。移除筛选' })).toBeVisible();
  await expect(hits).toHaveCount(1);

  rain.watch.announce(NETWORK);
  await rain.context.setOffline(true);
  await field.fill('尾班船');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '搜索需要网络连接' })).toBeVisible();
  // Back with a connection it asks again by itself.
  await expect(page.getByRole('button', { name: '立即重试' })).toBeVisible();
  await rain.context.setOffline(false);
  await expect(hits).toHaveCount(1);
});

test('on a phone the search fits, and shows more as its end comes near', async ({ person, voice }) => {
  const rain = await person('Rain', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const ada = await voice('Ada');
  const channel = await ada.createChannel('general');
  await rain.join(channel);
  for (let number = 0; number < 25; number += 1) await ada.post(channel, `timetable ${number}`);
  const { page } = rain;
  await rain.open(channel);
  await page.getByRole('button', { name: 'Channel options' }).tap();
  await page.getByRole('menuitem', { name: 'Search in #general' }).tap();
  const field = page.getByRole('combobox', { name: 'Search messages and files' });
  const hits = page.getByRole('tabpanel').getByRole('listitem');
  await field.fill('timetable');
  await field.press('Enter');
  await expect(hits.first()).toContainText('timetable 24');
  await expectNoSidewaysScroll(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  // More comes as the end comes near.
  await hits.nth(19).scrollIntoViewIfNeeded();
  await page.mouse.wheel(0, 2000);
  await expect(hits).toHaveCount(25);
});
