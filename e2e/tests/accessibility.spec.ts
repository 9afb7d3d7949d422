/** An axe scan of every page and of what opens on them, in both themes, wide and narrow: it finds nothing. */
import { expectNothingInBothThemes } from '../support/axe';
import { expectNoSidewaysScroll } from '../support/layout';
import {
  channels,
  chat,
  deleteQuestion,
  EN,
  messageMenu,
  shell,
  signIn,
  unsent,
  unsentQuestion,
  ZH,
} from '../support/screen';
import { setStage, PEOPLE } from '../support/stage';
import { expect, test } from '../support/test';
import { holdUp, makeTrouble } from '../support/trouble';

const UNSENT = { refused: 'not like this', held: 'slowly now', uploading: 'the new glossary' };
const PHONE = { width: 390, height: 844 };
const WIDE = { width: 1440, height: 900 };

test('sign-in, and the channels page before there are any', async ({ visitor, person }) => {
  const ada = await person('Ada');
  await ada.setPassword('correct horse battery');
  const { page, watch } = await visitor();
  watch.announce(/status of 409/);
  await page.goto('/login');
  await expect(signIn(page).join).toBeVisible();
  await expectNothingInBothThemes(page);
  await signIn(page).name.fill('Ada');
  await signIn(page).join.click();
  await expect(signIn(page).password).toBeVisible();
  await expectNothingInBothThemes(page);
  await page.setViewportSize(PHONE);
  await expectNothingInBothThemes(page);

  await page.setViewportSize(WIDE);
  await signIn(page).password.fill('correct horse battery');
  await signIn(page).join.click();
  await expect(channels(page).heading).toBeVisible();
  await expectNothingInBothThemes(page);
});

test('every page of a place in use', async ({ person, voice }) => {
  const lead = await person(PEOPLE[0]);
  lead.watch.announce(/status of 404/);
  const { page } = lead;
  const ferry = await setStage(voice, lead);
  for (const address of ['/channels', '/settings', '/activity', '/saved', '/channel/nowhere']) {
    await test.step(address, async () => {
      await page.setViewportSize(WIDE);
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 }).locator('visible=true')).toHaveCount(1);
      await expectNothingInBothThemes(page);
      await page.setViewportSize(PHONE);
      await expectNothingInBothThemes(page);
    });
  }
  await test.step('a channel', async () => {
    await page.setViewportSize(WIDE);
    await lead.open(ferry);
    await expect(chat(page).rows.last()).toBeInViewport();
    await expectNothingInBothThemes(page);
    await page.setViewportSize(PHONE);
    await expectNothingInBothThemes(page);
  });
});

test('what opens on a channel, the emoji picker and the list above the composer', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'hello');
  const { page } = ada;
  await ada.open(general);
  const row = chat(page).row('hello');
  await row.hover();
  await expectNothingInBothThemes(page);
  await messageMenu(page).choose(row, /^Delete/);
  await expect(deleteQuestion(page).keep).toBeFocused();
  await expectNothingInBothThemes(page);
  await page.keyboard.press('Escape');
  await shell(page).account.click();
  await expect(shell(page).logOut).toBeVisible();
  await expectNothingInBothThemes(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await expect(shell(page).switcher).toBeVisible();
  await expectNothingInBothThemes(page);
  await page.keyboard.press('Escape');

  const button = page.getByRole('button', { name: 'Emoji' });
  await expect(button).toBeVisible();
  await chat(page).box.pressSequentially(':fer');
  await expect(page.getByRole('option', { selected: true })).toBeVisible();
  await expectNothingInBothThemes(page);
  await page.keyboard.press('Escape');
  await button.click();
  const picker = page.getByRole('dialog', { name: 'Emoji' });
  await expect(picker.getByRole('heading', { name: 'Flags' })).toBeAttached();
  await picker.getByRole('button', { name: /^Skin tone/ }).click();
  await expect(picker.getByRole('radio')).toHaveCount(6);
  // All emoji are the same button: those of the first section stand for the others.
  await expectNothingInBothThemes(page, { except: '#emoji-grid section:nth-of-type(n + 2)' });
  await page.keyboard.press('Escape');
  await picker.getByRole('combobox').fill('nothing like this');
  await expect(picker.getByRole('status')).toBeVisible();
  await expectNothingInBothThemes(page);
  await page.setViewportSize(PHONE);
  await picker.getByRole('combobox').fill('boat');
  await expectNoSidewaysScroll(page);
  await expectNothingInBothThemes(page);
});

test("the pane of a host, and what stands in the composer's place", async ({ person, voice }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general', 'everything');
  const grace = await voice('Grace');
  await grace.join(general);
  const { page } = ada;
  await ada.open(general);
  await page.getByRole('button', { name: 'Channel options' }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  const pane = page.getByRole('complementary', { name: /^Details/ });
  await expect(pane.getByRole('switch', { name: 'Lock' })).toBeVisible();
  await expectNothingInBothThemes(page);
  await pane.getByRole('button', { name: 'Delete channel…' }).click();
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await expectNothingInBothThemes(page);
  await page.keyboard.press('Escape');
  await pane.getByRole('button', { name: /^Members/ }).click();
  await page.getByRole('button', { name: 'More for Grace' }).click();
  await expect(page.getByRole('menuitem', { name: 'Take out' })).toBeVisible();
  await expectNothingInBothThemes(page);
  await page.keyboard.press('Escape');
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScroll(page);
  await expectNothingInBothThemes(page);
  await page.keyboard.press('Escape');
  await ada.call('PATCH', `/api/channels/${general.id}`, { archived: true });
  await expect(page.getByText('Archived on')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNothingInBothThemes(page);
});

for (const [locale, words] of [
  ['en-GB', EN],
  ['zh-CN', ZH],
] as const) {
  test(`what is not sent yet, by keyboard and narrow, ${locale}`, async ({ person }) => {
    const ada = await person('Ada', { locale });
    ada.watch.announce(/status of (403|429)/);
    const [general, releases] = [await ada.createChannel('general'), await ada.createChannel('releases')];
    const { page } = ada;
    await ada.open(releases);
    await makeTrouble(page, UNSENT);
    await expectNothingInBothThemes(page);
    const refused = chat(page).row(UNSENT.refused);
    // From the message to its buttons by Enter, on by Tab.
    await refused.focus();
    await page.keyboard.press('Enter');
    await expect(unsent(refused).retry).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(unsent(refused).edit).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await expect(unsent(refused).discard).toBeFocused();
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
    await expectNothingInBothThemes(page);
    await page.setViewportSize(WIDE);
    await shell(page).side.getByRole('link', { name: general.name }).click();
    await holdUp(page, UNSENT);
    await expectNothingInBothThemes(page);

    await shell(page).account.click();
    await shell(page, words).logOut.click();
    const question = unsentQuestion(page);
    await expect(question.stay).toBeFocused();
    await expectNothingInBothThemes(page);
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
    await expectNothingInBothThemes(page);
    await page.keyboard.press('Escape');
    await expect(question.dialog).toBeHidden();
    await page.unroute(/messages$/);
  });
}
