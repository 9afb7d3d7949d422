/**
 * Pictures of every page as it really is, on a workspace that looks like one: two sizes, light and dark, English and
 * Chinese. They go into the folder that PICTURES names, `test-results/pictures` without it.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { blob } from '../support/files';
import { channels, chat, deleteQuestion, EN, messageMenu, shell, signIn, type Words, unsentQuestion, ZH } from '../support/screen';
import { setStage, PEOPLE } from '../support/stage';
import { expect, test } from '../support/test';
import { holdUp, makeTrouble, slow } from '../support/trouble';

const FOLDER = process.env['PICTURES'] ?? join(import.meta.dirname, '../test-results/pictures');
const LOOKS = ['light', 'dark'] as const;
const TONGUES: readonly {
  readonly name: string;
  readonly locale: string;
  readonly words: Words;
}[] = [
  { name: 'en', locale: 'en-GB', words: EN },
  { name: 'zh', locale: 'zh-CN', words: ZH },
];
const SIZES = {
  wide: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

const UNSENT = {
  refused: '附上更新后的词汇表，周四上线前请大家再看一遍。',
  held: 'One more thing before the ferry leaves.',
  uploading: 'The glossary has the rest.',
};

test.use({ settings: ['--name', 'Harbour Works'] });

for (const colorScheme of LOOKS) {
  for (const { name: tongue, locale, words } of TONGUES) {
    const shoot = async (page: Page, name: string): Promise<void> => {
      await settled(page);
      await mkdir(FOLDER, { recursive: true });
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await settled(page);
        await page.screenshot({
          path: join(FOLDER, `${name}-${size}-${colorScheme}-${tongue}.png`),
        });
      }
      await page.setViewportSize(SIZES.wide);
    };

    test(`${colorScheme} ${tongue}`, async ({ person, visitor, voice }) => {
      const stranger = await visitor({ colorScheme, locale });
      stranger.watch.announce(/status of 409/);
      await stranger.page.goto('/login');
      await expect(signIn(stranger.page, words).join).toBeVisible();
      await shoot(stranger.page, 'sign-in');

      const lead = await person(PEOPLE[0], { colorScheme, locale });
      lead.watch.announce(/status of 404/);
      const { page } = lead;
      await signIn(stranger.page, words).name.fill(PEOPLE[0]);
      await signIn(stranger.page, words).join.click();
      await expect(signIn(stranger.page, words).problem).toBeVisible();
      await shoot(stranger.page, 'sign-in-taken');

      await page.goto('/channels');
      await expect(channels(page, words).heading).toBeVisible();
      await shoot(page, 'channels-empty');

      const ferry = await setStage(voice, lead);
      await lead.open(ferry);
      await expect(chat(page, words).rows.last()).toBeInViewport();
      await chat(page, words).box.fill('还有一件事：');
      await shoot(page, 'chat');

      const row = chat(page, words).rows.last();
      await messageMenu(page).choose(row, /^Delete|^删除/);
      await expect(deleteQuestion(page).dialog).toBeVisible();
      await shoot(page, 'chat-delete');
      await page.keyboard.press('Escape');

      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), chat(page, words).attach.click()]);
      await chooser.setFiles([{ ...blob('glossary-v3.xlsx', 48_000) }]);
      await expect(page.getByText('glossary-v3.xlsx')).toBeVisible();
      await shoot(page, 'chat-attaching');

      await shell(page, words).account.click();
      await expect(shell(page, words).logOut).toBeVisible();
      await shoot(page, 'chat-menu');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await expect(shell(page, words).switcher).toBeVisible();
      await shoot(page, 'chat-switcher');
      await page.keyboard.press('Escape');
      // Closing it is a step back in the history, which has to end before another address is loaded.
      await page.waitForFunction(() => !(history.state as { layers?: number } | null)?.layers);

      await page.goto('/channels');
      await expect(channels(page, words).heading).toBeVisible();
      await shoot(page, 'channels');
      await page.goto('/settings');
      await expect(page.getByRole('heading', { level: 1, name: words.settings })).toBeVisible();
      await shoot(page, 'settings');
      await page.goto('/channel/nowhere');
      await expect(page.getByRole('main')).toContainText('nowhere');
      await shoot(page, 'missing');
    });

    test(`what is not sent, ${colorScheme} ${tongue}`, async ({ person, voice }) => {
      const lead = await person(PEOPLE[0], { colorScheme, locale });
      lead.watch.announce(/status of (401|403|429)|ERR_INTERNET_DISCONNECTED|WebSocket is closed before/);
      const { page } = lead;
      const ferry = await setStage(voice, lead);
      await lead.open(ferry);
      const network = await makeTrouble(page, UNSENT);
      await shoot(page, 'unsent');
      await slow(network, true);
      await expect(chat(page, words).away).toBeVisible();
      await shoot(page, 'unsent-away');
      await slow(network, false);
      await expect(chat(page, words).away).toBeHidden();
      await shell(page, words).side.getByRole('link', { name: 'general' }).click();
      await holdUp(page, UNSENT);
      await shoot(page, 'unsent-held');
      await shell(page, words).account.click();
      await shell(page, words).logOut.click();
      await expect(unsentQuestion(page).stay).toBeFocused();
      await shoot(page, 'unsent-question');
      await page.keyboard.press('Escape');
      await lead.call('DELETE', '/api/session');
      await page.unrouteAll();
      await expect(signIn(page, words).join).toBeVisible({ timeout: 60_000 });
      await shoot(page, 'unsent-kept');
    });
  }
}

/** Fonts and pictures are there and nothing moves any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    const ending = document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.all(ending.map((one) => one.finished.catch(() => undefined)));
  });
}
