/** Changing a message that was sent. */
import { expectNothingFound } from '../support/axe';
import { wishesOnDisk } from '../support/disk';
import { picture, textFile } from '../support/files';
import { found } from '../support/founding';
import { chat, editing, messageMenu, shell } from '../support/screen';
import { expect, test } from '../support/test';

/** What a browser says of requests that do not get through, and of an edit that came second. */
const NETWORK = /Failed to load resource: net::|status of 409/;

test('an own message is edited by its button, and everybody sees it, with its earlier versions', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'The Saturday sailings are inn.');
  await ada.open(general);
  await rain.open(general);
  const row = chat(ada.page).row('The Saturday');
  await row.hover();
  await chat(ada.page).tools(row).getByRole('button', { name: 'Edit message' }).click();
  const form = editing(ada.page);
  await expect(form.field).toBeFocused();
  await expect(form.field).toHaveValue('The Saturday sailings are inn.');
  await form.field.fill('The Saturday sailings are in.');
  await form.save.click();
  await expect(form.form).toBeHidden();

  for (const { page } of [ada, rain]) {
    await expect(chat(page).row('sailings are in.')).toBeVisible();
    await expect(chat(page).row('sailings are in.').getByRole('button', { name: '(edited)' })).toBeVisible();
  }
  await chat(rain.page).row('sailings').getByRole('button', { name: '(edited)' }).click();
  const versions = rain.page.getByRole('dialog', { name: 'Earlier versions' });
  await expect(versions.getByRole('listitem')).toHaveText([/^Now.*are in\.$/s, /^First.*are inn\.$/s]);
  await expect(versions.locator('ins')).toHaveText('in');
  await expect(versions.locator('del')).toHaveText('inn');
  await expectNothingFound(rain.page);
  await rain.page.keyboard.press('Escape');
  await expect(versions).toBeHidden();
  await expect(chat(rain.page).row('sailings').getByRole('button', { name: '(edited)' })).toBeFocused();
  await rain.page.reload();
  await expect(chat(rain.page).row('sailings are in.').getByText('(edited)')).toBeVisible();
});

test('the key up in an empty composer edits the newest own message; Esc gives it up, the send key saves', async ({
  person,
}) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const general = await ada.createChannel('general');
  await rain.join(general);
  await ada.post(general, 'first');
  await ada.post(general, 'secnd');
  await rain.post(general, 'hello');
  await ada.open(general);
  const { page } = ada;
  const { keyboard } = page;
  const form = editing(page);
  await expect(chat(page).row('hello')).toBeVisible();
  await chat(page).box.fill('x');
  await keyboard.press('ArrowUp');
  await expect(form.form).toHaveCount(0);
  await chat(page).box.fill('');
  await keyboard.press('ArrowUp');
  await expect(form.field).toBeFocused();
  await expect(form.field).toHaveValue('secnd');
  await keyboard.press('End');
  await keyboard.type(' thoughts');
  await keyboard.press('Escape');
  await expect(form.form).toHaveCount(0);
  await expect(chat(page).box).toBeFocused();
  await expect(chat(page).row('secnd')).toBeVisible();

  await keyboard.press('ArrowUp');
  await expect(form.field).toHaveValue('secnd');
  await form.field.fill('second');
  await keyboard.press('Shift+Enter');
  await expect(chat(page).row('second')).toBeVisible();
  await expect(chat(page).box).toBeFocused();
  await expect
    .poll(async () => (await ada.messages(general)).map(({ text }) => text))
    .toEqual(['first', 'second', 'hello']);

  // The same text changes nothing.
  await keyboard.press('ArrowUp');
  await keyboard.press('Shift+Enter');
  await expect(form.form).toHaveCount(0);
  expect(await ada.messages(general)).toMatchObject([{}, { text: 'second', edits: 1 }, {}]);
});

test('keys of an input method, two windows, and files: nothing is saved, lost or emptied by the way', async ({
  person,
}) => {
  const ada = await person('Ada');
  await test.step('keys of an input method neither save nor give up', async () => {
    const general = await ada.createChannel('general');
    await ada.post(general, 'pin');
    await ada.open(general);
    const { page } = ada;
    await expect(chat(page).row('pin')).toBeVisible();
    const composing = (selector: string, key: string): Promise<void> =>
      page.locator(selector).evaluate((field, pressed) => {
        field.dispatchEvent(
          new KeyboardEvent('keydown', { key: pressed, isComposing: true, bubbles: true, cancelable: true }),
        );
      }, key);
    await composing('#draft', 'ArrowUp');
    await expect(editing(page).form).toHaveCount(0);
    await chat(page).box.press('ArrowUp');
    await editing(page).field.fill('pinyin');
    for (const key of ['Escape', 'Enter']) await composing('.edit textarea', key);
    await expect(editing(page).field).toHaveValue('pinyin');
    expect(await ada.messages(general)).toMatchObject([{ text: 'pin' }]);
  });
  await test.step('of two windows that edit at once the second is told, and neither text is lost', async () => {
    const general = await ada.createChannel('windows');
    await ada.post(general, 'as it was');
    await ada.open(general);
    const other = await ada.context.newPage();
    await other.goto(ada.page.url());
    for (const page of [ada.page, other]) {
      await expect(chat(page).row('as it was')).toBeVisible();
      await chat(page).box.press('ArrowUp');
      await expect(editing(page).field).toHaveValue('as it was');
    }
    await editing(other).field.fill('what the second wrote');
    await editing(ada.page).field.fill('what the first wrote');
    await editing(ada.page).save.click();
    await expect(editing(other).form.getByRole('alert')).toContainText('what the first wrote');
    await expect(editing(other).field).toHaveValue('what the second wrote');
    await expect(chat(ada.page).row('what the first wrote')).toBeVisible();
    // Now it is known: saving is a decision.
    await editing(other).save.click();
    await expect(chat(ada.page).row('what the second wrote')).toBeVisible();
  });
  await test.step('files can be taken out, but not the last of everything', async () => {
    const general = await ada.createChannel('files');
    const files = [await ada.upload(picture('pier.png', 400, 200)), await ada.upload(textFile('words.txt', 'words'))];
    const { number } = await ada.post(general, 'two files', files);
    await ada.open(general);
    const { page } = ada;
    await expect(chat(page).row('two files')).toBeVisible();
    await chat(page).box.press('ArrowUp');
    const form = editing(page);
    await form.form.getByRole('button', { name: 'Take out pier.png' }).click();
    await form.field.fill('');
    await form.save.click();
    await expect(form.form).toHaveCount(0);
    const row = chat(page).number(number);
    await expect(row.getByRole('link', { name: 'Download words.txt' })).toBeVisible();
    await expect(row.getByRole('link', { name: 'Download pier.png' })).toHaveCount(0);
    await expect
      .poll(async () => (await ada.messages(general))[0])
      .toMatchObject({ text: '', attachments: [{ name: 'words.txt' }] });
    await row.hover();
    await row.getByRole('button', { name: 'Edit message' }).click();
    await form.form.getByRole('button', { name: 'Take out words.txt' }).click();
    await form.save.click();
    await expect(form.form.getByRole('alert')).toContainText('needs a text or a file');
    await form.cancel.click();
    await expect(row.getByRole('link', { name: 'Download words.txt' })).toBeVisible();
  });
});

test('an edit without a network is shown at once, outlives a reload, and goes out by itself or comes back with its text', async ({
  person,
}) => {
  const ada = await person('Ada');
  ada.watch.announce(NETWORK);
  await test.step('an edit without a network is shown at once, outlives a reload, and goes out by itself', async () => {
    const general = await ada.createChannel('general');
    const { number } = await ada.post(general, 'before');
    await ada.open(general);
    const { page } = ada;
    await expect(chat(page).row('before')).toBeVisible();
    await page.route(`**/api/channels/*/messages/${number}`, (route) => route.abort());
    await chat(page).box.press('ArrowUp');
    await editing(page).field.fill('after');
    // It is on the disk before it goes out.
    const tried = page.waitForEvent('requestfailed', (request) => request.method() === 'PATCH');
    await page.keyboard.press('Shift+Enter');
    await expect(chat(page).row('after').getByText('(edited)')).toBeVisible();
    await tried;
    await page.reload();
    await expect(chat(page).row('after'), 'kept on the disk').toBeVisible();
    expect(await ada.messages(general)).toMatchObject([{ text: 'before' }]);
    await page.unroute(`**/api/channels/*/messages/${number}`);
    await expect.poll(async () => await ada.messages(general)).toMatchObject([{ text: 'after', edits: 1 }]);
  });
  await test.step('a second edit that went out before the first was heard of comes back with its text', async () => {
    const general = await ada.createChannel('second');
    const { number } = await ada.post(general, 'as it was');
    await ada.open(general);
    const { page } = ada;
    await expect(chat(page).row('as it was')).toBeVisible();
    await page.context().setOffline(true);
    await chat(page).box.press('ArrowUp');
    await editing(page).field.fill('written without a network');
    await editing(page).save.click();
    await expect(chat(page).row('written without a network'), 'shown at once').toBeVisible();
    await ada.call('PATCH', `/api/channels/${general.id}/messages/${number}`, { text: 'from elsewhere' });
    await page.context().setOffline(false);
    await expect(editing(page).form.getByRole('alert')).toContainText('from elsewhere');
    await expect(editing(page).field).toHaveValue('written without a network');
    // It is still there after a reload.
    await expect.poll(() => wishesOnDisk(page)).toBe(1);
    await page.reload();
    await expect(editing(page).field).toHaveValue('written without a network');
    await page.keyboard.press('Escape');
    await expect(chat(page).row('from elsewhere')).toBeVisible();
    await expect.poll(() => wishesOnDisk(page), 'given up on the disk too').toBe(0);
    await page.reload();
    await expect(chat(page).row('from elsewhere')).toBeVisible();
    await expect(editing(page).form).toHaveCount(0);
  });
});

test('where messages cannot be edited nothing offers it; a refusal takes the change back and says why', async ({
  visitor,
  server,
}) => {
  const ada = await visitor();
  await found(ada.page, server.first(), 'Open');
  ada.watch.announce(/status of 403/);
  const general = await ada.createChannel('stone');
  await ada.post(general, 'carved in stone');
  await ada.open(general);
  const { page } = ada;
  const row = chat(page).row('carved');
  await expect(row).toBeVisible();
  // The page does not know of it yet.
  await ada.call('PATCH', '/api/place', { editing: 'never' });
  await chat(page).box.press('ArrowUp');
  await editing(page).field.fill('scratched');
  await editing(page).save.click();
  await expect(shell(page).flash(/edit/i).first()).toBeVisible();
  await expect(row).toBeVisible();
  await expect(row.getByText('(edited)')).toHaveCount(0);
  await page.reload();
  await row.hover();
  await expect(row.getByRole('button', { name: 'More actions' })).toBeVisible();
  await expect(row.getByRole('button', { name: 'Edit message' })).toHaveCount(0);
  await row.getByRole('button', { name: 'More actions' }).click();
  await expect(messageMenu(page).menu).toBeVisible();
  await expect(messageMenu(page).item('Edit message')).toHaveCount(0);
});

test('without script and in the first HTML it says that it was edited, and shows the reactions', async ({
  person,
  visitor,
}) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  const { number } = await ada.post(general, 'first words');
  const path = `/api/channels/${general.id}/messages/${number}`;
  await ada.call('PATCH', path, { text: 'second words' });
  await ada.call('PUT', `${path}/reactions/${encodeURIComponent('🎉')}`);
  const rain = await visitor({ javaScriptEnabled: false });
  await rain.signIn('小雨');
  await rain.call('PUT', `${path}/reactions/${encodeURIComponent('🎉')}`).catch(() => undefined);
  await rain.join(general);
  await rain.call('PUT', `${path}/reactions/${encodeURIComponent('🎉')}`);
  await rain.open(general);
  const row = rain.page.getByRole('article').filter({ hasText: 'second words' }).first();
  await expect(row).toContainText('(edited)');
  await expect(row).toContainText('🎉 2');
  await expect(rain.page.getByText('first words')).toHaveCount(0);
});

test('the owner says how long messages can be edited', async ({ visitor, server }) => {
  const mei = await visitor();
  await found(mei.page, server.first(), 'Open');
  await mei.page.goto('/people/entry');
  const choice = mei.page.getByRole('combobox', { name: 'How long messages can be edited' });
  await choice.selectOption('For an hour');
  await mei.page.getByRole('button', { name: 'Save' }).click();
  await expect(shell(mei.page).flash('Saved')).toBeVisible();
  expect(await mei.call('GET', '/api/place')).toMatchObject({ editing: 'hour' });
  await mei.page.reload();
  await expect(choice).toHaveValue('hour');
});
