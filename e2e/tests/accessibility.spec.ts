/** An axe scan of every page and of what opens on them, in both themes, wide and narrow: it finds nothing. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expectNoSidewaysScroll } from '../support/layout';
import { channels, chat, deleteQuestion, EN, messageMenu, shell, signIn, unsent, unsentQuestion, ZH } from '../support/screen';
import { setStage, PEOPLE } from '../support/stage';
import { expect, test } from '../support/test';
import { holdUp, makeTrouble } from '../support/trouble';

const UNSENT = { refused: 'not like this', held: 'slowly now', uploading: 'the new glossary' };
const PHONE = { width: 390, height: 844 };

for (const colorScheme of ['light', 'dark'] as const) {
  test(`sign-in, ${colorScheme}`, async ({ visitor, person }) => {
    const ada = await person('Ada');
    await ada.setPassword('correct horse battery');
    const { page, watch } = await visitor({ colorScheme });
    watch.announce(/status of 409/);
    await page.goto('/login');
    await expect(signIn(page).join).toBeVisible();
    await expectNothingFound(page);
    await signIn(page).name.fill('Ada');
    await signIn(page).join.click();
    await expect(signIn(page).password).toBeVisible();
    await expectNothingFound(page);
    await page.setViewportSize(PHONE);
    await expectNothingFound(page);
  });

  test(`the channels page before there are any, ${colorScheme}`, async ({ person }) => {
    const { page } = await person('Ada', { colorScheme });
    await page.goto('/channels');
    await expect(channels(page).heading).toBeVisible();
    await expectNothingFound(page);
  });

  for (const address of ['/channels', '/settings', '/activity', '/saved', '/channel/nowhere']) {
    test(`${address}, ${colorScheme}`, async ({ person, voice }) => {
      const lead = await person(PEOPLE[0], { colorScheme });
      lead.watch.announce(/status of 404/);
      await setStage(voice, lead);
      await lead.page.goto(address);
      await expect(lead.page.getByRole('heading', { level: 1 }).locator('visible=true')).toHaveCount(1);
      await expectNothingFound(lead.page);
      await lead.page.setViewportSize(PHONE);
      await expectNothingFound(lead.page);
    });
  }

  test(`a channel, ${colorScheme}`, async ({ person, voice }) => {
    const lead = await person(PEOPLE[0], { colorScheme });
    const ferry = await setStage(voice, lead);
    await lead.open(ferry);
    await expect(chat(lead.page).rows.last()).toBeInViewport();
    await expectNothingFound(lead.page);
    await lead.page.setViewportSize(PHONE);
    await expectNothingFound(lead.page);
  });

  test(`what opens on a channel, ${colorScheme}`, async ({ person }) => {
    const ada = await person('Ada', { colorScheme });
    const general = await ada.createChannel('general');
    await ada.post(general, 'hello');
    const { page } = ada;
    await ada.open(general);
    const row = chat(page).row('hello');
    await row.hover();
    await expectNothingFound(page);
    await messageMenu(page).choose(row, /^Delete/);
    await expect(deleteQuestion(page).keep).toBeFocused();
    await expectNothingFound(page);
    await page.keyboard.press('Escape');
    await shell(page).account.click();
    await expect(shell(page).logOut).toBeVisible();
    await expectNothingFound(page);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await expect(shell(page).switcher).toBeVisible();
    await expectNothingFound(page);
  });

  test(`the emoji picker and the list above the composer, ${colorScheme}`, async ({ person }) => {
    const ada = await person('Ada', { colorScheme });
    const general = await ada.createChannel('general');
    const { page } = ada;
    await ada.open(general);
    const button = page.getByRole('button', { name: 'Emoji' });
    await expect(button).toBeVisible();
    await chat(page).box.pressSequentially(':fer');
    await expect(page.getByRole('option', { selected: true })).toBeVisible();
    await expectNothingFound(page);
    await page.keyboard.press('Escape');
    await button.click();
    const picker = page.getByRole('dialog', { name: 'Emoji' });
    await expect(picker.getByRole('heading', { name: 'Flags' })).toBeAttached();
    await picker.getByRole('button', { name: /^Skin tone/ }).click();
    await expect(picker.getByRole('radio')).toHaveCount(6);
    // All emoji are the same button: those of the first section stand for the others.
    await expectNothingFound(page, '#emoji-grid section:nth-of-type(n + 2)');
    await page.keyboard.press('Escape');
    await picker.getByRole('combobox').fill('nothing like this');
    await expect(picker.getByRole('status')).toBeVisible();
    await expectNothingFound(page);
    await page.setViewportSize(PHONE);
    await picker.getByRole('combobox').fill('boat');
    await expectNoSidewaysScroll(page);
    await expectNothingFound(page);
  });

  test(`the pane of a host, and what stands in the composer's place, ${colorScheme}`, async ({ person, voice }) => {
    const ada = await person('Ada', { colorScheme });
    const general = await ada.createChannel('general', 'everything');
    const grace = await voice('Grace');
    await grace.join(general);
    const { page } = ada;
    await ada.open(general);
    await page.getByRole('button', { name: 'Channel options' }).click();
    await page.getByRole('menuitem', { name: 'Details' }).click();
    const pane = page.getByRole('complementary', { name: /^Details/ });
    await expect(pane.getByRole('switch', { name: 'Lock' })).toBeVisible();
    await expectNothingFound(page);
    await pane.getByRole('button', { name: 'Delete channel…' }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
    await expectNothingFound(page);
    await page.keyboard.press('Escape');
    await pane.getByRole('button', { name: /^Members/ }).click();
    await page.getByRole('button', { name: 'More for Grace' }).click();
    await expect(page.getByRole('menuitem', { name: 'Take out' })).toBeVisible();
    await expectNothingFound(page);
    await page.keyboard.press('Escape');
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
    await expectNothingFound(page);
    await page.keyboard.press('Escape');
    await ada.call('PATCH', `/api/channels/${general.id}`, { archived: true });
    await expect(page.getByText('Archived on')).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectNothingFound(page);
  });

  const [locale, words] = colorScheme === 'light' ? (['en-GB', EN] as const) : (['zh-CN', ZH] as const);
  test(`what is not sent yet, by keyboard and narrow, ${colorScheme}, ${locale}`, async ({ person }) => {
    const ada = await person('Ada', { colorScheme, locale });
    ada.watch.announce(/status of (403|429)/);
    const [general, releases] = [await ada.createChannel('general'), await ada.createChannel('releases')];
    const { page } = ada;
    await ada.open(releases);
    await makeTrouble(page, UNSENT);
    await expectNothingFound(page);
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
    await expectNothingFound(page);
    await page.setViewportSize({ width: 1440, height: 900 });
    await shell(page).side.getByRole('link', { name: general.name }).click();
    await holdUp(page, UNSENT);
    await expectNothingFound(page);

    await shell(page).account.click();
    await shell(page, words).logOut.click();
    const question = unsentQuestion(page);
    await expect(question.stay).toBeFocused();
    await expectNothingFound(page);
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScroll(page);
    await expectNothingFound(page);
    await page.keyboard.press('Escape');
    await expect(question.dialog).toBeHidden();
    await page.unroute(/messages$/);
  });
}

async function expectNothingFound(page: Page, except?: string): Promise<void> {
  // What still fades in has colours in between, which nobody reads.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
        .map((one) => one.finished.catch(() => undefined)),
    ),
  );
  const scan = new AxeBuilder({ page });
  if (except !== undefined) scan.exclude(except);
  const { violations } = await scan.analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
  }));
  expect(found, page.url()).toEqual([]);
}
