/** Deleting a message. */
import { chat, deleteQuestion, messageMenu } from '../support/screen';
import { expect, test } from '../support/test';

test('a deleted message is gone for everybody at once', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const general = await ada.createChannel('general');
  await ada.post(general, 'kept');
  await ada.post(general, 'a slip of the tongue');
  await ada.open(general);
  await rain.open(general);
  await expect(chat(rain.page).row('a slip')).toBeVisible();

  const row = chat(ada.page).row('a slip');
  await messageMenu(ada.page).choose(row, /^Delete/);
  const question = deleteQuestion(ada.page);
  await expect(question.keep).toBeFocused();
  await question.confirm.click();

  for (const { page } of [ada, rain]) {
    await expect(page.getByText('a slip of the tongue')).toHaveCount(0);
    await expect(chat(page).row('kept')).toBeVisible();
    await page.reload();
    await expect(chat(page).row('kept')).toBeVisible();
    await expect(page.getByText('a slip of the tongue')).toHaveCount(0);
  }
  expect(JSON.stringify(await rain.messages(general))).not.toContain('a slip');
});

test('a deletion can be cancelled, and the focus goes back', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'keep me');
  await ada.open(general);
  const row = chat(ada.page).row('keep me');
  const question = deleteQuestion(ada.page);
  await messageMenu(ada.page).choose(row, /^Delete/);
  await question.keep.click();
  await expect(question.dialog).toBeHidden();
  await messageMenu(ada.page).choose(row, /^Delete/);
  await ada.page.keyboard.press('Escape');
  await expect(question.dialog).toBeHidden();
  await expect(row.getByRole('button', { name: 'More actions' })).toBeFocused();
  expect(await ada.messages(general)).toMatchObject([{ text: 'keep me' }]);
});

test("nobody can delete another's message", async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const general = await ada.createChannel('general');
  const { number } = await ada.post(general, 'mine alone');
  await rain.open(general);
  const row = chat(rain.page).row('mine alone');
  await row.hover();
  await row.getByRole('button', { name: 'More actions' }).click();
  await expect(messageMenu(rain.page).item('Copy text')).toBeVisible();
  await expect(messageMenu(rain.page).item(/^Delete/)).toHaveCount(0);
  await expect(rain.call('DELETE', `/api/channels/${general.id}/messages/${number}`)).rejects.toThrow(/403/);
  expect(await ada.messages(general)).toMatchObject([{ text: 'mine alone' }]);
});
