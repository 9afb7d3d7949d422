/** Two people talk. */
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

test('two people talk: each sees what the other says, what is own, what is unread, and a new topic', async ({
  person,
}) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  await test.step('each sees what the other says, without reloading', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    await rain.open(general);

    await chat(ada.page).box.fill('Morning all');
    await chat(ada.page).send.click();
    await expect(chat(rain.page).row('Morning all')).toContainText('Ada');
    await expect(chat(ada.page).row('Morning all')).toHaveAttribute('data-state', 'sent');

    await chat(rain.page).box.fill('早！今天几号船最挤？🚢');
    await chat(rain.page).box.press('Shift+Enter');
    await expect(chat(ada.page).row('早！今天几号船最挤？🚢')).toContainText('小雨');
    await expect(chat(ada.page).row('早！').locator('[lang="zh-Hans"]').first()).toBeVisible();

    await expect(chat(ada.page).box).toHaveValue('');
    await expect(chat(ada.page).rows).toHaveCount(2);
    await expect(chat(rain.page).rows).toHaveCount(2);
  });
  await test.step('own messages are marked as own, and the time can be read to the millisecond', async () => {
    const general = await ada.createChannel('own');
    await rain.join(general);
    await ada.post(general, 'mine');
    await rain.post(general, 'theirs');
    await ada.open(general);
    await expect(chat(ada.page).row('mine')).toHaveAttribute('data-own', /^(true)?$/);
    await expect(chat(ada.page).row('mine')).toContainText('(you)');
    await expect(chat(ada.page).row('theirs')).not.toContainText('(you)');
    const time = chat(ada.page).row('theirs').locator('time');
    await expect(time).toHaveText(/^\d{2}:\d{2}$/);
    await expect(time).toHaveAttribute('title', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{3}$/);
  });
  await test.step('unread messages in another channel are counted in the sidebar', async () => {
    const general = await ada.createChannel('unread');
    const tea = await ada.createChannel('茶水间');
    await rain.join(general);
    await rain.join(tea);
    await ada.open(general);
    await expect(chat(ada.page).title).toContainText('unread');
    await rain.post(tea, '午饭吃什么？');
    await rain.post(tea, '面条');
    const link = shell(ada.page).side.getByRole('link', { name: /茶水间/ });
    await expect(link).toContainText('2');
    await link.click();
    await expect(chat(ada.page).row('面条')).toBeVisible();
    await expect(link).not.toContainText('2');
  });
  await test.step('a topic can be changed and everybody sees it', async () => {
    const general = await ada.createChannel('topics', 'old topic');
    await rain.open(general);
    await expect(rain.page.getByRole('main')).toContainText('old topic');
    await ada.call('PATCH', `/api/channels/${general.id}`, {
      topic: '时刻表 4.2 周四上线',
    });
    await expect(rain.page.getByRole('main')).toContainText('时刻表 4.2 周四上线');
  });
});

test('channels keep each their own, and text is drawn as the writer marked it up', async ({ person }) => {
  const ada = await person('Ada');
  await test.step('switching channels keeps each one its own', async () => {
    const one = await ada.createChannel('one');
    const two = await ada.createChannel('two');
    await ada.post(one, 'in one');
    await ada.post(two, 'in two');
    await ada.open(one);
    await expect(chat(ada.page).row('in one')).toBeVisible();
    await shell(ada.page).side.getByRole('link', { name: 'two' }).click();
    await expect(chat(ada.page).row('in two')).toBeVisible();
    await expect(chat(ada.page).row('in one')).toHaveCount(0);
    await ada.page.goBack();
    await expect(chat(ada.page).row('in one')).toBeVisible();
  });
  await test.step('text is drawn as the writer marked it up', async () => {
    const general = await ada.createChannel('general');
    const text = [
      'See **bold**, *italic*, ~~gone~~ and `code` at https://a.example/x(1).',
      '> quoted 引用',
      '1. one',
      '2. two',
      '```rust',
      'let a = "<b>";',
      '```',
      '这是**重点**吧 [label](https://b.example/) [no](javascript:alert(1))',
    ].join('\n');
    await ada.post(general, text);
    await ada.open(general);
    const row = chat(ada.page).rows.first();
    await expect(row.locator('strong').first()).toHaveText('bold');
    await expect(row.locator('strong').nth(1)).toHaveText('重点');
    await expect(row.locator('em')).toHaveText('italic');
    await expect(row.locator('s, del')).toHaveText('gone');
    await expect(row.getByRole('blockquote')).toHaveText('quoted 引用');
    await expect(row.getByRole('listitem')).toHaveText(['one', 'two']);
    await expect(row.locator('pre')).toHaveText('let a = "<b>";');
    await expect(row.getByRole('link', { name: 'https://a.example/x(1)' })).toHaveAttribute('rel', /noopener/);
    await expect(row.getByRole('link', { name: 'label' })).toHaveAttribute('href', 'https://b.example/');
    await expect(row.getByRole('link')).toHaveCount(2);
    await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await row.getByRole('button', { name: 'Copy code' }).click();
    await expect.poll(() => ada.page.evaluate(() => navigator.clipboard.readText())).toBe('let a = "<b>";');
  });
});
