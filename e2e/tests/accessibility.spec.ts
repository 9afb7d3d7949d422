/** An axe scan of every page and of what opens on them, in both themes, wide and narrow: it finds nothing. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { chat, channels, deleteQuestion, shell, signIn } from '../support/screen';
import { setStage, PEOPLE } from '../support/stage';
import { expect, test } from '../support/test';

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

  for (const address of ['/channels', '/settings', '/channel/nowhere']) {
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
    await chat(page)
      .tools(row)
      .getByRole('button', { name: /^Delete/ })
      .click();
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
}

async function expectNothingFound(page: Page): Promise<void> {
  // What still fades in has colours in between, which nobody reads.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
        .map((one) => one.finished.catch(() => undefined)),
    ),
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
  }));
  expect(found, page.url()).toEqual([]);
}
