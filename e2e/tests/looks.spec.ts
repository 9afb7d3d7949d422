/** Light and dark, English and Chinese: by the system, by choice, and kept. */
import type { Locator, Page } from '@playwright/test';
import { brightness } from '../support/layout';
import { chat, channels, shell, signIn, ZH } from '../support/screen';
import { setStage, PEOPLE } from '../support/stage';
import { expect, test } from '../support/test';

test('the theme follows the system', async ({ visitor }) => {
  const dark = await visitor({ colorScheme: 'dark' });
  await dark.page.goto('/login');
  await expect(signIn(dark.page).join).toBeVisible();
  expect(await brightness(dark.page)).toBeLessThan(0.3);
  await dark.page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(() => brightness(dark.page)).toBeGreaterThan(0.7);
});

test('a theme that was chosen is kept for the account', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.page.goto('/settings');
  await ada.page.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await expect.poll(() => brightness(ada.page)).toBeLessThan(0.3);
  await expect.poll(async () => ada.call('GET', '/api/me')).toMatchObject({ settings: { theme: 'dark' } });
  await ada.open(general);
  await expect(chat(ada.page).title).toBeVisible();
  expect(await brightness(ada.page)).toBeLessThan(0.3);
});

test('a Chinese browser is spoken to in Chinese, with nothing left over', async ({ person, voice }) => {
  const lead = await person(PEOPLE[0], { locale: 'zh-CN' });
  const ferry = await setStage(voice, lead);
  await lead.open(ferry);
  await expect(lead.page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(chat(lead.page, ZH).send).toHaveAccessibleName('发送 (Shift+Enter)');
  await expect(chat(lead.page, ZH).enterSends).toBeVisible();
  await shell(lead.page, ZH).account.click();
  await expect(shell(lead.page, ZH).logOut).toBeVisible();
  await expect(shell(lead.page, ZH).settings).toBeVisible();
  await lead.page.keyboard.press('Escape');
  expect(await englishControls(lead.page)).toEqual([]);
  await lead.page.goto('/channels');
  await expect(channels(lead.page, ZH).heading).toBeVisible();
  expect(await englishControls(lead.page)).toEqual([]);
  await lead.page.goto('/settings');
  await expect(lead.page.getByRole('heading', { level: 1, name: ZH.settings })).toBeVisible();
  expect(await englishControls(lead.page)).toEqual([]);
});

test('a language that was chosen wins over the browser and speaks for the server too', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 409/);
  await ada.createChannel('general');
  await ada.call('PATCH', '/api/me/settings', { language: 'zh' });
  await ada.page.goto('/channels');
  await expect(channels(ada.page, ZH).heading).toBeVisible();
  await channels(ada.page, ZH).name.fill('general');
  await channels(ada.page, ZH).create.click();
  await expect(ada.page.getByText(/general.*已存在/).first()).toBeVisible();
});

test('in forced colours the chosen item differs from the others', async ({ person }) => {
  const ada = await person('Ada');
  for (const name of ['general', 'ferry-app']) await ada.createChannel(name);
  await ada.page.emulateMedia({ forcedColors: 'active' });
  await ada.open('general');
  const { side, switcher } = shell(ada.page);
  const grounds = [
    await groundOf(side.getByRole('link', { name: 'general' })),
    await groundOf(side.getByRole('link', { name: 'ferry-app' })),
  ];
  expect(new Set(grounds).size).toBe(2);
  const { enterSends } = chat(ada.page);
  const off = await groundOf(enterSends);
  await enterSends.click();
  await expect.poll(() => groundOf(enterSends)).not.toBe(off);
  await ada.page.keyboard.press('Control+k');
  const [first, second] = [switcher.getByRole('option').first(), switcher.getByRole('option').nth(1)];
  await expect(first).toHaveAttribute('aria-selected', 'true');
  expect(await groundOf(first)).not.toBe(await groundOf(second));
});

async function groundOf(element: Locator): Promise<string> {
  return element.evaluate((shown) => getComputedStyle(shown).backgroundColor);
}

/** Names of buttons, links and fields without a single Han character; names of people, channels and languages aside. */
async function englishControls(page: Page): Promise<string[]> {
  return page
    .locator('button, [role=switch], [role=menuitem], input, textarea, select, th, h1, h2, h3, label')
    .evaluateAll((found) => {
      const own =
        /^(English|Chinwag|Ferries|general|ferry-app|design-reviews|releases|lost-and-found|[\d\s:.,·#+-]*|Mei Lin|.*Okafor.*|Tomás.*|Priya.*|Jonas.*|M|A|T|P|J|Ctrl\+K|⌘K|rust)$/;
      return found
        .filter((element) => element.checkVisibility())
        .map((element) => {
          const field =
            element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.placeholder : '';
          return (element.getAttribute('aria-label') ?? (field || (element.textContent ?? ''))).trim();
        })
        .filter((name) => !/\p{Script=Han}/u.test(name) && !own.test(name));
    });
}

test('another tab takes over the language and the theme', async ({ person }) => {
  const ada = await person('Ada');
  await ada.createChannel('general');
  const { page } = ada;
  const other = await ada.context.newPage();
  await ada.open('general');
  await other.goto('/settings');
  await expect(other.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  const html = other.locator('html');
  for (const [choice, lang, title] of [
    [/中文/, 'zh-Hans', '设置'],
    [/Auto|自动/, 'en', 'Settings'],
    [/中文/, 'zh-Hans', '设置'],
    [/English/, 'en', 'Settings'],
  ] as const) {
    await page.getByRole('button', { name: /Account menu|账户菜单|账号菜单/ }).click();
    await page
      .getByRole('menu', { name: /^Account$|^账户$|^账号$/ })
      .getByRole('group', { name: /^Language$|^语言$/ })
      .getByRole('menuitemradio', { name: choice })
      .click();
    await page.keyboard.press('Escape');
    await expect(other.getByRole('heading', { level: 1 }).locator('visible=true')).toHaveText(title);
    await expect(html).toHaveAttribute('lang', lang);
    await expect(page.locator('html')).toHaveAttribute('lang', lang);
  }
});
