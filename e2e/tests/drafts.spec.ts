/** Drafts: all tabs of a browser share one, and logging out removes it. */
import type { Page } from '@playwright/test';
import type { Person } from '../support/person';
import { chat, leaveQuestion, shell, signIn, unsentQuestion } from '../support/screen';
import { expect, test } from '../support/test';

test('two tabs edit one draft, and it is sent once', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.open(general);
  await chat(ada.page).box.fill('half a thought');
  const other = await ada.context.newPage();
  await other.goto('/channel/general');
  await expect(chat(other).box).toHaveValue('half a thought');
  await chat(other).box.fill('a whole thought');
  await expect(chat(ada.page).box).toHaveValue('a whole thought');
  await chat(ada.page).box.press('Shift+Enter');
  await expect(chat(ada.page).row('a whole thought')).toHaveAttribute('data-state', 'sent');
  // It leaves the other tab too, which has nothing to send any more.
  await expect(chat(other).box).toHaveValue('');
  await chat(other).box.press('Shift+Enter');
  await chat(other).box.fill('the next one');
  await ada.page.reload();
  await expect(chat(ada.page).box).toHaveValue('the next one');
  expect((await ada.messages(general)).map(({ text }) => text)).toEqual(['a whole thought']);
});

test('a tab that slept does not send what another sent', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.open(general);
  await chat(ada.page).box.fill('once');
  const other = await ada.context.newPage();
  // It is told nothing, as while it is frozen.
  await other.addInitScript(() => addEventListener('storage', (event) => event.stopImmediatePropagation(), true));
  await other.goto('/channel/general');
  await expect(chat(other).box).toHaveValue('once');
  await chat(ada.page).box.press('Shift+Enter');
  await expect(chat(ada.page).row('once')).toHaveAttribute('data-state', 'sent');
  await expect(chat(ada.page).box).toHaveValue('');
  await expect(chat(other).row('once')).toHaveAttribute('data-state', 'sent');
  await expect(chat(other).box).toHaveValue('once');
  await chat(other).box.press('Shift+Enter');
  await expect(other.getByRole('alert').filter({ hasText: 'Another tab changed or sent this draft' })).toBeVisible();
  await expect(chat(other).box).toHaveValue('');
  expect(await ada.messages(general)).toHaveLength(1);
});

test('logging out asks about a draft, and leaves nothing of it behind', async ({ person }) => {
  const ada = await person('Ada');
  await ada.createChannel('general');
  await ada.open('general');
  await chat(ada.page).box.fill('not for others');
  const question = unsentQuestion(ada.page);
  await logOut(ada);
  await expect(question.dialog).toContainText('1 draft is not sent yet');
  await question.stay.click();
  await expect(chat(ada.page).box).toHaveValue('not for others');
  await logOut(ada);
  await question.keep.click();
  await leaveQuestion(ada.page).leave.click();
  await enter(ada.page, 'Ada');
  await ada.open('general');
  await expect(chat(ada.page).box).toHaveValue('not for others');
  await logOut(ada);
  await question.discard.click();
  await leaveQuestion(ada.page).leave.click();
  await expect(ada.page).toHaveURL(/\/login/);
  const kept = await ada.page.evaluate(() => JSON.stringify(localStorage));
  expect(kept).not.toContain('not for others');
  await enter(ada.page, 'Ada');
  await ada.open('general');
  await expect(chat(ada.page).box).toHaveValue('');
  // With nothing unsent nothing is asked about it.
  await logOut(ada);
  await expect(question.dialog).toBeHidden();
  await leaveQuestion(ada.page).leave.click();
  await expect(ada.page).toHaveURL(/\/login/);
  // Back shows nothing of what was there.
  await ada.page.evaluate(() => history.back());
  await expect(signIn(ada.page).join).toBeVisible();
});

async function logOut(who: Person): Promise<void> {
  await shell(who.page).account.click();
  await shell(who.page).logOut.click();
}

async function enter(page: Page, name: string): Promise<void> {
  await signIn(page).name.fill(name);
  await signIn(page).join.click();
  await expect(shell(page).account).toContainText(name);
}
