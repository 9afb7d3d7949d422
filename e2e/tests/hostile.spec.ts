/** Hostile names and texts: they are shown as text, run nothing, and do not break the page. */
import { expectNoSidewaysScroll } from '../support/layout';
import { chat, channels, shell } from '../support/screen';
import { expect, test } from '../support/test';

const IMAGE = '<img src=x onerror=pwned=1>';
const SCRIPT = '"></script><script>pwned=1</script>';

test('markup in names of people and channels is text', async ({ person }) => {
  const ada = await person(IMAGE);
  const rain = await person('小雨');
  const channel = await ada.createChannel(SCRIPT, IMAGE);
  await ada.post(channel, 'hello');
  for (const { page } of [ada, rain]) {
    await page.goto('/channels');
    await expect(channels(page).row(SCRIPT)).toBeVisible();
    await expect(channels(page).row(SCRIPT)).toContainText(IMAGE);
    await page.goto(`/channel/${encodeURIComponent(SCRIPT)}`);
    await expect(chat(page).row('hello')).toContainText(IMAGE);
    await expect(chat(page).title).toContainText(SCRIPT);
    expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
  }
});

test('hostile texts and names are text, and stay in their row', async ({ person, visitor }) => {
  const ada = await person('Ada');
  await test.step('markup and dangerous links in messages are text', async () => {
    const general = await ada.createChannel('general');
    const texts = [
      IMAGE,
      SCRIPT,
      '<svg onload=pwned=1>',
      '{{constructor.constructor("pwned=1")()}} {@html "<b>x</b>"}',
      '[click](javascript:pwned=1)',
      '[click](JaVaScRiPt:pwned=1)',
      '[click](data:text/html,<script>pwned=1</script>)',
      'javascript:pwned=1',
      'https://a.example/"onmouseover="pwned=1',
      '\u2028\u2029</script>',
    ];
    for (const text of texts) await ada.post(general, text);
    await ada.open(general);
    await expect(chat(ada.page).rows).toHaveCount(texts.length);
    for (const text of texts) await expect(chat(ada.page).log).toContainText(text.trim());
    const links = await chat(ada.page)
      .log.getByRole('link')
      .evaluateAll((found) => found.map((link) => (link as HTMLAnchorElement).href));
    expect(links.filter((href) => !/^https?:/.test(href))).toEqual([]);
    expect(await chat(ada.page).log.locator('script, [onerror], [onload], [onmouseover]').count()).toBe(0);
    expect(await ada.page.evaluate(() => 'pwned' in globalThis)).toBe(false);
  });
  await test.step('ten thousand combining marks stay in their row', async () => {
    const general = await ada.createChannel('marks');
    await ada.post(general, 'above');
    await ada.post(general, `a${'\u0301'.repeat(9_999)}`);
    await ada.post(general, 'below');
    await ada.open(general);
    const below = chat(ada.page).row('below');
    await expect(below).toBeInViewport();
    await expect(chat(ada.page).row('above')).toBeInViewport();
    await below.hover();
    await expect(chat(ada.page).tools(below)).toBeVisible();
    await expectNoSidewaysScroll(ada.page);
  });
  await test.step('right-to-left text and overrides stay in their row', async () => {
    const general = await ada.createChannel('directions');
    await ada.post(general, '\u202eevil txt.exe');
    await ada.post(general, 'مرحبا بالعالم 123');
    await ada.post(general, 'plain after');
    await ada.open(general);
    const plain = chat(ada.page).row('plain after');
    await expect(plain).toBeVisible();
    const times = await chat(ada.page)
      .rows.locator('time')
      .evaluateAll((found) => found.map((time) => Math.round(time.getBoundingClientRect().right)));
    expect(new Set(times).size).toBe(1);
    await expectNoSidewaysScroll(ada.page);
  });
  await test.step('names that hide or turn text are refused', async () => {
    const nobody = await visitor();
    for (const name of ['\u202eadA', 'A\u200bda', 'A\u0000da', 'A\u2066da', '\u00ad']) {
      await expect(nobody.signIn(name), JSON.stringify(name)).rejects.toThrow(/was answered 4\d\d/);
    }
    await expect(ada.createChannel('a\u202eb')).rejects.toThrow(/was answered 4\d\d/);
  });
});

test('very long words and names break nothing', async ({ person }) => {
  const ada = await person('W'.repeat(32));
  const channel = await ada.createChannel('长'.repeat(64), 'x'.repeat(200));
  await ada.post(channel, 'w'.repeat(4_000));
  await ada.post(channel, `https://a.example/${'p'.repeat(1_000)}`);
  await ada.post(channel, `\`\`\`\n${'c'.repeat(2_000)}\n\`\`\``);
  await ada.open(channel);
  await expect(chat(ada.page).rows.last()).toBeInViewport();
  await expectNoSidewaysScroll(ada.page);
  await expect(shell(ada.page).account).toBeInViewport();
  await ada.page.goto('/channels');
  await expect(channels(ada.page).heading).toBeVisible();
  await expectNoSidewaysScroll(ada.page);
});
