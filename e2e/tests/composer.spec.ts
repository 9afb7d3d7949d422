/** Writing: which key sends, input methods, drafts. */
import type { Locator } from '@playwright/test';
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

test('what is written is sent by its keys, formatted, and refused without being lost', async ({ person }) => {
  const ada = await person('Ada');
  await test.step('Shift+Enter sends and Enter starts a line', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    const { box, send, rows } = chat(ada.page);
    await expect(send).toHaveAccessibleName('Send (Shift+Enter)');
    const low = await heightOf(box);
    await box.press('a');
    await box.press('Enter');
    await box.press('b');
    await expect(box).toHaveValue('a\nb');
    expect(await heightOf(box)).toBeGreaterThan(low);
    await box.press('Shift+Enter');
    await expect(box).toHaveValue('');
    await expect(rows).toHaveCount(1);
    await expect.poll(async () => (await ada.messages(general)).map((message) => message.text)).toEqual(['a\nb']);
    expect(await heightOf(box)).toBe(low);
  });
  await test.step('white space alone is not sent', async () => {
    const general = await ada.createChannel('white space');
    await ada.open(general);
    const { box, rows } = chat(ada.page);
    await box.fill(' \n  ');
    await box.press('Shift+Enter');
    await box.fill('real');
    await box.press('Shift+Enter');
    await expect(rows).toHaveCount(1);
    await expect.poll(async () => (await ada.messages(general)).length).toBe(1);
  });
  await test.step('formatting is set by keys and by a menu that shows how it is typed', async () => {
    const general = await ada.createChannel('formatting');
    await ada.open(general);
    const { box, row } = chat(ada.page);
    await box.fill('see the plan');
    await box.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(8, 12));
    await box.press('Control+b');
    await expect(box).toHaveValue('see the **plan**');
    await box.press('Control+z');
    await expect(box).toHaveValue('see the plan');
    await box.fill('buy ink');
    await ada.page.getByRole('button', { name: 'Formatting', exact: true }).click();
    await ada.page.getByRole('menuitem', { name: 'Tasks' }).click();
    await expect(box).toBeFocused();
    await expect(box).toHaveValue('- [ ] buy ink');
    await box.press('Shift+Enter');
    await expect(row('buy ink').getByRole('listitem').getByRole('img', { name: 'To do' })).toBeVisible();

    await box.fill('|boat|leaves|\n|-|-:|\n|first|06:10|');
    await box.press('Shift+Enter');
    const table = row('boat').getByRole('table');
    await expect(table.getByRole('columnheader')).toHaveText(['boat', 'leaves']);
    await expect(table.getByRole('cell', { name: '06:10' })).toBeVisible();

    await box.fill('/me waves');
    await box.press('Shift+Enter');
    await expect(row('Ada waves').getByRole('emphasis')).toHaveText('Ada waves');
  });
  await test.step('a draft is kept per channel, over a reload', async () => {
    const one = await ada.createChannel('one');
    await ada.createChannel('two');
    await ada.open(one);
    await chat(ada.page).box.fill('half a thought 想到一半');
    await shell(ada.page).side.getByRole('link', { name: 'two' }).click();
    await expect(chat(ada.page).title).toContainText('two');
    await expect(chat(ada.page).box).toHaveValue('');
    await expect(
      shell(ada.page).side.getByRole('link', { name: /one/ }).getByRole('img', { name: 'Draft' }),
    ).toBeVisible();
    await ada.open(one);
    await expect(chat(ada.page).box).toHaveValue('half a thought 想到一半');
    await chat(ada.page).send.click();
    await expect(chat(ada.page).row('half a thought')).toHaveAttribute('data-state', 'sent');
    await ada.page.reload();
    await expect(chat(ada.page).row('half a thought')).toBeVisible();
    await expect(chat(ada.page).box).toHaveValue('');
  });
});

test('the Enter sends switch swaps the two and is kept for the account', async ({ person, visitor }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.setPassword('correct horse battery');
  await ada.open(general);
  const { box, send, enterSends, row } = chat(ada.page);
  await enterSends.click();
  await expect(send).toHaveAccessibleName('Send (Enter)');
  await box.fill('first');
  await box.press('Shift+Enter');
  await box.press('x');
  await expect(box).toHaveValue('first\nx');
  await box.press('Enter');
  await expect(row('first')).toHaveAttribute('data-state', 'sent');
  await ada.page.reload();
  await expect(send).toHaveAccessibleName('Send (Enter)');

  const elsewhere = await visitor();
  await elsewhere.signIn('Ada', 'correct horse battery');
  await elsewhere.open(general);
  await expect(chat(elsewhere.page).enterSends).toBeChecked();
  await chat(elsewhere.page).enterSends.click();
  await expect(send).toHaveAccessibleName('Send (Shift+Enter)');
});

test('the first Enter says once what it does, and offers to let it send', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.open(general);
  const { box, send, enterSends } = chat(ada.page);
  const note = ada.page.getByRole('status').filter({ hasText: 'Enter makes a new line. Send with Shift+Enter.' });
  await box.press('Enter');
  await box.pressSequentially('hello');
  await expect(note).toBeHidden();
  // A candidate that is confirmed means nothing else.
  await box.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true });
  await expect(note).toBeHidden();
  await box.press('Enter');
  await expect(note).toBeVisible();
  await expect(box).toBeFocused();
  await note.getByRole('button', { name: 'Let Enter send' }).click();
  await expect(note).toBeHidden();
  await expect(enterSends).toBeChecked();
  await expect(box).toBeFocused();
  await box.press('Enter');
  await expect(chat(ada.page).row('hello')).toHaveAttribute('data-state', 'sent');
  // Whoever knows is not told again.
  await enterSends.click();
  await expect(send).toHaveAccessibleName('Send (Shift+Enter)');
  await ada.page.reload();
  await box.pressSequentially('again');
  await box.press('Enter');
  await expect(box).toHaveValue('again\n');
  await expect(note).toBeHidden();
});

test('the keys of a composition belong to the input method, whichever key sends', async ({ person }) => {
  const ada = await person('小雨');
  await test.step('the keys of a composition belong to the input method, whichever key sends', async () => {
    for (const sends of ['Shift+Enter', 'Enter']) {
      const channel = await ada.createChannel(sends);
      if (sends === 'Enter') await ada.call('PATCH', '/api/me/settings', { enter_sends: true });
      await ada.open(channel);
      const { box, rows } = chat(ada.page);
      await box.fill('早上好');
      await composingKey(box, sends, { isComposing: true });
      await composingKey(box, sends, { keyCode: 229 });
      await composingKey(box, 'ArrowUp', { isComposing: true });
      await composingKey(box, 'Escape', { isComposing: true });
      await expect(box).toHaveValue('早上好');
      await expect(rows).toHaveCount(0);
      await box.press(sends);
      await expect(rows).toHaveCount(1);
      await expect.poll(async () => (await ada.messages(channel)).map((message) => message.text)).toEqual(['早上好']);
    }
  });
  await test.step('a real composition is written first and sent after', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    const { box, rows } = chat(ada.page);
    await box.focus();
    const input = await ada.context.newCDPSession(ada.page);
    await input.send('Input.imeSetComposition', {
      text: 'ni hao',
      selectionStart: 6,
      selectionEnd: 6,
    });
    await expect(box).toHaveValue('ni hao');
    // The key that picks a candidate reaches the page with the code 229.
    await input.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      windowsVirtualKeyCode: 229,
      key: 'Enter',
      code: 'Enter',
    });
    await input.send('Input.insertText', { text: '你好' });
    await expect(box).toHaveValue('你好');
    await expect(rows).toHaveCount(0);
    await box.press('Enter');
    await expect(chat(ada.page).row('你好')).toHaveAttribute('data-state', 'sent');
    expect(await ada.messages(general)).toHaveLength(1);
  });
});

test('a text over the limit is refused without being lost', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 4\d\d/);
  const general = await ada.createChannel('general');
  await ada.open(general);
  const long = '长'.repeat(10_001);
  await chat(ada.page).box.fill(long);
  await chat(ada.page).box.press('Shift+Enter');
  await expect(ada.page.getByRole('alert').filter({ hasText: /10[,. ]?000/ })).toBeVisible();
  expect(await ada.messages(general)).toHaveLength(0);
});

async function heightOf(box: Locator): Promise<number> {
  return (await box.boundingBox())?.height ?? 0;
}

/** A key as the page sees it while an input method composes. */
async function composingKey(
  box: Locator,
  keys: string,
  how: { isComposing?: boolean; keyCode?: number },
): Promise<void> {
  const key = keys.replace('Shift+', '');
  await box.dispatchEvent('keydown', {
    key,
    code: key,
    shiftKey: keys !== key,
    bubbles: true,
    cancelable: true,
    ...how,
  });
}
