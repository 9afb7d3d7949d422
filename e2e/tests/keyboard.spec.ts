/** Everything by keyboard alone, with the focus always to be seen. */
import type { Page } from '@playwright/test';
import { picture, textFile } from '../support/files';
import { channels, chat, deleteQuestion, messageMenu, shell } from '../support/screen';
import { expect, test } from '../support/test';

test('from signing in to a deleted message by keyboard alone', async ({ visitor }) => {
  const { page } = await visitor();
  const { keyboard } = page;
  await page.goto('/login');
  await tabTo(page, 'Display name');
  await keyboard.type('Ada');
  await keyboard.press('Enter');
  await expect(channels(page).heading).toBeVisible();
  await tabTo(page, 'Name');
  await keyboard.type('general');
  await keyboard.press('Enter');

  // Opening a channel puts the focus where one writes.
  await expect(chat(page).title).toContainText('general');
  await expect(chat(page).box).toBeFocused();
  await keyboard.type('first');
  await keyboard.press('Shift+Enter');
  await expect(chat(page).row('first')).toHaveAttribute('data-state', 'sent');
  await expect(chat(page).box).toBeFocused();
  await keyboard.type('second');
  await keyboard.press('Shift+Enter');
  await expect(chat(page).row('second')).toHaveAttribute('data-state', 'sent');

  // The list is one stop; arrows move in it, Enter opens a message's menu.
  await chat(page).row('second').focus();
  await keyboard.press('ArrowUp');
  await expect(chat(page).row('first')).toBeFocused();
  await expectRing(page);
  await keyboard.press('Enter');
  await expect(chat(page).tools(chat(page).row('first'))).toBeVisible();
  await expect(messageMenu(page).item('Add reaction')).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(messageMenu(page).item(/^Delete/)).toBeFocused();
  await keyboard.press('Enter');
  await expect(deleteQuestion(page).keep).toBeFocused();
  await keyboard.press('Tab');
  await expect(deleteQuestion(page).confirm).toBeFocused();
  await keyboard.press('Enter');
  await expect(chat(page).row('first')).toHaveCount(0);
  await expect(chat(page).row('second')).toBeVisible();
});

test('the list is one Tab stop; arrows lead through a message’s links, pictures, code and buttons, and scroll wide code first', async ({
  person,
  voice,
}) => {
  const ada = await person('Ada');
  await test.step('the list is one Tab stop; arrows lead through a message’s links, pictures, code and buttons', async () => {
    const rain = await voice('小雨');
    const general = await ada.createChannel('general');
    await rain.join(general);
    await rain.post(general, 'before https://before.example/');
    const files = [await ada.upload(picture('pier.png', 400, 200)), await ada.upload(textFile('words.txt', 'words'))];
    const code = `\`\`\`\n${'x'.repeat(400)}\n\`\`\``;
    await ada.post(general, `see https://ferries.example/a and [b](https://ferries.example/b)\n${code}`, files);
    await rain.post(general, 'after https://after.example/');
    const { page } = ada;
    const { keyboard } = page;
    await ada.open(general);
    await expect(chat(page).box).toBeFocused();
    const row = chat(page).row('see ');

    // From the composer backwards and from the header forwards: the newest message, and nothing else of the list.
    await keyboard.press('Shift+Tab');
    await expect(chat(page).row('after')).toBeFocused();
    await keyboard.press('Shift+Tab');
    await expect(page.getByRole('button', { name: 'Channel options' })).toBeFocused();
    await keyboard.press('Tab');
    await expect(chat(page).row('after')).toBeFocused();
    await keyboard.press('ArrowUp');
    await expect(row).toBeFocused();

    const parts = [
      row.getByRole('button', { name: 'Ada (you)' }),
      row.getByRole('link', { name: 'https://ferries.example/a' }),
      row.getByRole('link', { name: 'b', exact: true }),
      row.getByRole('button', { name: 'Copy code' }),
      row.locator('pre'),
      row.getByRole('button', { name: 'Open pier.png large' }),
      row.getByRole('link', { name: 'Download pier.png' }),
      row.getByRole('link', { name: 'Download words.txt' }),
      row.getByRole('button', { name: 'Add reaction' }),
      row.getByRole('button', { name: 'Reply in thread' }),
      row.getByRole('button', { name: 'Quote' }),
      row.getByRole('button', { name: 'Edit message' }),
      row.getByRole('button', { name: 'More actions' }),
    ];
    for (const part of parts) {
      await keyboard.press('ArrowRight');
      await expect(part).toBeFocused();
      await expectRing(page);
      // Wide code is scrolled before the key leads on.
      await part.evaluate((box) => box.scrollTo({ left: box.scrollWidth }));
    }
    await keyboard.press('ArrowRight');
    await expect(row).toBeFocused();
    await keyboard.press('ArrowLeft');
    await expect(parts.at(-1) ?? row).toBeFocused();
    await keyboard.press('Escape');
    await expect(row).toBeFocused();
    await keyboard.press('Enter');
    await expect(messageMenu(page).item('Add reaction')).toBeFocused();
    await keyboard.press('Escape');
    await expect(row).toBeFocused();
    await keyboard.press('Tab');
    await expect(chat(page).box).toBeFocused();
    await keyboard.press('Shift+Tab');
    await expect(row).toBeFocused();

    // For a screen reader it is a log of list items.
    await expect(chat(page).log.getByRole('listitem'), 'who joined, and three messages').toHaveCount(4);
  });
  await test.step('keys scroll wide code before they lead on', async () => {
    const general = await ada.createChannel('code');
    await ada.post(general, `\`\`\`\n${'x'.repeat(400)}\n\`\`\``);
    const { page } = ada;
    await ada.open(general);
    const code = chat(page).log.locator('pre');
    await code.focus();
    const scrolled = (): Promise<number> => code.evaluate((box) => box.scrollLeft);
    await page.keyboard.press('ArrowRight');
    await expect.poll(scrolled).toBeGreaterThan(0);
    await expect(code).toBeFocused();
    await code.evaluate((box) => box.scrollTo({ left: box.scrollWidth }));
    await page.keyboard.press('ArrowRight');
    await expect(code).not.toBeFocused();
  });
});

test('keys lead through the place: skipping, switching, neighbours and the account menu', async ({ person, voice }) => {
  const ada = await person('Ada');
  await test.step('the first stop skips to the message box', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    await expect(chat(ada.page).box).toBeFocused();
    // Back to where a page begins.
    await ada.page.evaluate(() => {
      document.body.tabIndex = -1;
      document.body.focus();
      document.body.removeAttribute('tabindex');
    });
    await ada.page.keyboard.press('Tab');
    await expect(ada.page.getByRole('link', { name: 'Skip to message box' })).toBeFocused();
    await ada.page.keyboard.press('Enter');
    await expect(chat(ada.page).box).toBeFocused();
  });
  await test.step('the quick switcher opens, finds, leads and closes', async () => {
    const general = 'general';
    const tea = await ada.createChannel('茶水间');
    await ada.post(tea, '午饭吃什么？');
    await ada.open(general);
    await expect(chat(ada.page).box).toBeFocused();
    await ada.page.keyboard.press('Control+k');
    await expect(shell(ada.page).switcher).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(shell(ada.page).switcher).toBeHidden();
    await expect(chat(ada.page).box).toBeFocused();
    await ada.page.keyboard.press('Control+k');
    await ada.page.keyboard.insertText('茶');
    await expect(shell(ada.page).switcher.getByRole('option', { name: /茶水间/ })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await ada.page.keyboard.press('Enter');
    await expect(chat(ada.page).row('午饭吃什么？')).toBeVisible();
  });
  await test.step('what the quick switcher found stays while more letters are typed, before there is an answer', async () => {
    await voice('Lunette');
    const { switcher } = shell(ada.page);
    const lunette = switcher.getByRole('option', { name: 'Lunette' });
    await ada.page.keyboard.press('Control+k');
    await ada.page.keyboard.type('lun');
    await expect(lunette).toHaveAttribute('aria-selected', 'true');
    await ada.page.route(/\/api\/people\?/, () => undefined);
    await ada.page.keyboard.type('e');
    await expect(lunette).toHaveAttribute('aria-selected', 'true');
    await expect(lunette.locator('b')).toHaveText('Lune');
    await ada.page.keyboard.press('Escape');
    await ada.page.unrouteAll({ behavior: 'ignoreErrors' });
  });
  await test.step('a typing error in the quick switcher makes no channel; making one asks in the form', async () => {
    await ada.open('general');
    await expect(chat(ada.page).box).toBeFocused();
    const { switcher } = shell(ada.page);
    await ada.page.keyboard.press('Control+k');
    await ada.page.keyboard.type('genreal');
    await expect(switcher.getByText('No channel is called “genreal”.')).toBeVisible();
    await expect(switcher.getByRole('option', { selected: true })).toHaveCount(0);
    await ada.page.keyboard.press('Enter');
    await expect(switcher).toBeVisible();
    await ada.page.keyboard.press('ArrowDown');
    await expect(switcher.getByRole('option', { name: 'Create #genreal…' })).toHaveAttribute('aria-selected', 'true');
    await ada.page.keyboard.press('Enter');
    await expect(switcher).toBeHidden();
    await expect(channels(ada.page).name).toBeFocused();
    await expect(channels(ada.page).name).toHaveValue('genreal');
    const { channels: made } = await ada.call<{ channels: { name: string }[] }>('GET', '/api/channels');
    expect(made.map(({ name }) => name)).not.toContain('genreal');
  });
  await test.step('the account menu is a menu: arrows, Escape, and the focus back', async () => {
    await ada.page.goto('/channels');
    const { account, menu } = shell(ada.page);
    await account.focus();
    await ada.page.keyboard.press('Enter');
    await expect(menu).toBeVisible();
    await expect(menu.getByRole('menuitem').first()).toBeFocused();
    await ada.page.keyboard.press('ArrowDown');
    await expect(menu.getByRole('menuitem').nth(1)).toBeFocused();
    await ada.page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(account).toBeFocused();
  });
  await test.step('neighbouring channels are one key away', async () => {
    await ada.createChannel('one');
    await ada.createChannel('two');
    await ada.open('one');
    await expect(chat(ada.page).box).toBeFocused();
    await ada.page.keyboard.press('Alt+ArrowDown');
    await expect(chat(ada.page).title).toContainText('two');
    await ada.page.keyboard.press('Alt+ArrowUp');
    await expect(chat(ada.page).title).toContainText('one');
  });
});

/** Presses Tab until something of that name has the focus; every stop on the way shows a ring. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const MOST_STOPS = 40;
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const labels =
        element instanceof HTMLInputElement ? [...(element.labels ?? [])].map((label) => label.textContent ?? '') : [];
      return (element?.getAttribute('aria-label') ?? labels[0] ?? element?.textContent ?? '').trim();
    });
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    await page.keyboard.press('Tab');
    await expectRing(page);
  }
  throw new Error(`Tab never came to ${String(name)}`);
}

async function expectRing(page: Page): Promise<void> {
  const ring = await page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'nothing has the focus';
    const around = [element, element.closest('label, form, .with-icon, .composer')].filter((one) => one !== null);
    const seen = around.some((one) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
    });
    return seen ? 'seen' : `unseen: ${element.outerHTML.slice(0, 120)}`;
  });
  if (ring !== 'nothing has the focus') expect(ring).toBe('seen');
}
