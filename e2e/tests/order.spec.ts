/** Keeping order: reports and what becomes of them, mutes, and the log of it all. */
import { holdAlerts } from '../support/alerts';
import { chat, messageMenu, shell } from '../support/screen';
import { expect, test } from '../support/test';

const SECRET = 'correct horse battery';

test('a report comes up by itself for the owner, is dealt with, and the log has it', async ({
  person,
  voice,
  server,
}) => {
  const [mei, ada, kuba] = [await person('Mei'), await person('Ada'), await voice('Kuba')];
  await mei.setPassword(SECRET);
  server.giveRole('Mei', 'owner');
  const general = await ada.createChannel('general');
  const cheap = await kuba.post(general, 'Cheap tickets');
  const cheaper = await kuba.post(general, 'Cheaper tickets');
  await holdAlerts(mei.page);
  await mei.page.goto('/people');
  const link = shell(mei.page).side.getByRole('link', { name: /^People/ });
  const waits = link.getByText('1 report waits for you');
  await expect(link).toBeVisible();
  await expect(waits).toHaveCount(0);

  const report = (number: number): Promise<unknown> =>
    ada.call('PUT', `/api/channels/${general.id}/messages/${number}/report`, { reason: 'spam', note: 'again' });
  await report(cheap.number);
  await expect(waits).toBeAttached();
  const main = mei.page.getByRole('main');
  await main.getByRole('link', { name: /^Reports/ }).click();
  const item = main.getByRole('listitem').filter({ hasText: 'Cheap tickets' });
  await expect(item).toContainText('Ada: advertising or spam');
  await expect(item).toContainText('again');
  // Another comes while the page is open.
  await report(cheaper.number);
  const second = main.getByRole('listitem').filter({ hasText: 'Cheaper tickets' });
  await expect(second).toBeVisible();

  await item.getByRole('button', { name: 'Mute…' }).click();
  const muting = mei.page.getByRole('alertdialog', { name: 'Mute Kuba everywhere?' });
  await muting.getByRole('radio', { name: '1 day' }).check();
  await muting.getByRole('button', { name: 'Mute' }).click();
  await expect(item).toContainText('Muted everywhere until');
  await item.getByRole('button', { name: 'Remove message…' }).click();
  const removing = mei.page.getByRole('alertdialog', { name: 'Remove this message?' });
  await expect(removing.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await removing.getByRole('button', { name: 'Remove message' }).click();
  await expect(item).toHaveCount(0);
  await expect(main.getByRole('heading', { name: /^Reports/ })).toBeFocused();
  await second.getByRole('button', { name: 'Leave it' }).click();
  await expect(main.getByRole('heading', { name: 'Nothing to look at' })).toBeVisible();
  await expect(waits).toHaveCount(0);
  await ada.open(general);
  await expect(chat(ada.page).number(cheap.number)).toContainText('Removed by a moderator');

  await main.getByRole('link', { name: 'Log' }).click();
  const rows = main.getByRole('table', { name: 'Log' }).getByRole('row');
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText('Left a reported message in #general');
  await expect(rows.nth(2)).toContainText('Removed a message by Kuba in #general');
  await expect(rows.nth(2)).toContainText('Advertising or spam · from 127.0.0.1');
  await main.getByRole('combobox', { name: 'Only one kind' }).selectOption('Muted everywhere');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('Muted Kuba everywhere until');
  await main.getByRole('combobox', { name: 'Only one kind' }).selectOption('Everything');
  await main.getByLabel('Only one person').fill('Kuba');
  await expect(rows).toHaveCount(3);
});

test('whoever is muted everywhere reads until when and whom to ask, and writes again when it ends', async ({
  person,
  server,
}) => {
  const [mei, ada] = [await person('Mei'), await person('Ada')];
  await mei.setPassword(SECRET);
  server.giveRole('Mei', 'owner');
  const general = await ada.createChannel('general');
  await ada.open(general);
  const { box } = chat(ada.page);
  await box.fill('half a thought');
  await holdAlerts(mei.page);
  await mei.page.goto('/people');
  const row = mei.page.getByRole('row').filter({ has: mei.page.getByRole('button', { name: 'Ada', exact: true }) });
  const more = row.getByRole('button', { name: 'More for Ada' });
  await more.focus();
  await mei.page.keyboard.press('Enter');
  await mei.page.getByRole('menuitem', { name: 'Mute everywhere…' }).press('Enter');
  const muting = mei.page.getByRole('alertdialog', { name: 'Mute Ada everywhere?' });
  await muting.getByRole('button', { name: 'Mute' }).click();
  await expect(row).toContainText('Muted everywhere until');
  await expect(more).toBeFocused();
  const shut = ada.page.getByRole('status').filter({ hasText: 'You cannot write until' });
  await expect(shut).toContainText('Questions go to Mei.');
  await expect(box).toBeHidden();
  await more.click();
  await mei.page.getByRole('menuitem', { name: 'Let them write again' }).click();
  await expect(shut).toHaveCount(0);
  await expect(box).toHaveValue('half a thought');
});

test('a host mutes the author of a message where it stands, by keyboard', async ({ person, voice }) => {
  const ada = await person('Ada');
  const [bob, cleo] = [await voice('Bob'), await voice('Cleo')];
  const general = await ada.createChannel('general');
  await bob.post(general, 'from Bob');
  await cleo.post(general, 'from Cleo');
  await holdAlerts(ada.page);
  await ada.open(general);
  const { row } = chat(ada.page);
  await row('from Bob').hover();
  await row('from Bob').getByRole('button', { name: 'More actions' }).press('Enter');
  await messageMenu(ada.page).item('Mute here…').press('Enter');
  const question = ada.page.getByRole('alertdialog', { name: 'Mute Bob in #general?' });
  await question.getByRole('button', { name: 'Mute' }).press('Enter');
  await expect(shell(ada.page).flash('Bob is muted.')).toBeVisible();
  const refused = await bob.call('POST', `/api/channels/${general.id}/messages`, { text: 'no' }).then(
    () => 'posted',
    (error: unknown) => String(error),
  );
  expect(refused).toContain('403');
});
