/** Forwarding: a copy of a message goes to other places, with its files, and stays there. */
import AxeBuilder from '@axe-core/playwright';
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, messageMenu, shell } from '../support/screen';
import { expect, test } from '../support/test';

test('a message of a private channel is forwarded with a word, and stays when the original goes', async ({ person }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  const releases = await ada.createChannel('releases');
  await rain.join(releases);
  const ops = (await ada.call('POST', '/api/channels', { name: 'ops-nights', kind: 'private', people: [] })) as {
    id: number;
  };
  await rain.open(releases);
  const { number } = (await ada.call('POST', `/api/channels/${ops.id}/messages`, {
    text: 'The import ran **twice**, see #releases',
  })) as { number: number };
  const { page } = ada;
  await page.goto(`/c/${ops.id}`);
  const said = chat(page).number(number);
  // A name of a channel is a link for whoever may see it.
  await expect(said.getByRole('link', { name: '#releases' })).toHaveAttribute('href', '/channel/releases');
  await said.focus();
  await page.keyboard.press('f');
  const dialog = page.getByRole('dialog', { name: 'Forward message' });
  const to = dialog.getByRole('combobox', { name: 'To' });
  await expect(to).toBeFocused();
  await page.keyboard.type('rel');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('This comes from a private channel.')).toBeVisible();
  await expect(dialog.getByText('In #releases, 2 people will be able to read it.')).toBeVisible();
  await dialog.getByRole('textbox', { name: /^Your words/ }).fill('For the notes');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
  await expect(shell(page).flash('Forwarded to #releases.')).toBeVisible();
  await expect(said).toBeFocused();

  const copy = chat(rain.page).row('For the notes');
  const carried = copy.getByRole('figure');
  await expect(carried).toContainText(/Forwarded\s+Ada/);
  await expect(carried.locator('strong')).toHaveText('twice');
  await expect(copy).not.toContainText('ops-nights');
  await ada.call('DELETE', `/api/channels/${ops.id}/messages/${number}`);
  await expect(said).toContainText('deleted a message');
  await expect(carried).toContainText('The import ran twice');
  // On a phone, in Chinese, from the sheet.
  await rain.call('PATCH', '/api/me/settings', { language: 'zh' });
  await rain.page.setViewportSize({ width: 390, height: 844 });
  await rain.page.reload();
  await expect(carried).toContainText(/转发\s+Ada/);
  await expectNoSidewaysScroll(rain.page);
  await copy.focus();
  await rain.page.keyboard.press('Enter');
  await messageMenu(rain.page).item('转发…').click();
  await expect(rain.page.getByRole('dialog', { name: '转发消息' })).toContainText('原消息修改或删除后仍会保留');
});
