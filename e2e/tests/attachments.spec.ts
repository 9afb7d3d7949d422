/** Files: by button, paste and drop; what the other sees; progress, cancelling and refusals. */
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { blob, picture, textFile } from '../support/files';
import { choose, hand } from '../support/hand';
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

test('a picture and a file reach the other: small and large, as a card, and unchanged', async ({ person, visitor }) => {
  const ada = await person('Ada');
  const rain = await person('小雨');
  await test.step('a picture is seen by the other, small in the list and large on click', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    await rain.open(general);
    await choose(ada.page, [picture('pier-3.png', 1200, 600)]);
    await chat(ada.page).box.fill('Looks good from the water too.');
    await chat(ada.page).send.click();

    const image = chat(rain.page).row('Looks good').getByRole('img');
    await expect(image).toBeVisible();
    await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await expect(image).toHaveAttribute('src', /^\/thumbnails\//);
    const box = await image.boundingBox();
    expect(box?.width).toBeLessThanOrEqual(320);
    expect(box?.height).toBeLessThanOrEqual(320);
    expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(2, 1);
    await image.click();
    const large = rain.page.getByRole('dialog').getByRole('img');
    await expect.poll(async () => (await large.boundingBox())?.width ?? 0).toBeGreaterThan(320);
    await rain.page.keyboard.press('Escape');
    await expect(rain.page.getByRole('dialog')).toBeHidden();
  });
  await test.step('the room for a picture is kept before it loads', async () => {
    const general = await ada.createChannel('room');
    await ada.open(general);
    await choose(ada.page, [picture('pier-3.png', 800, 800)]);
    await chat(ada.page).send.click();
    await expect(chat(ada.page).rows.first()).toHaveAttribute('data-state', 'sent');

    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await rain.page.route('**/files/**', async (route) => {
      await held;
      await route.continue();
    });
    await rain.open(general);
    const row = chat(rain.page).rows.first();
    await expect(row).toBeVisible();
    const before = (await row.boundingBox())?.height ?? 0;
    expect(before).toBeGreaterThan(200);
    release();
    await expect
      .poll(() => row.getByRole('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(0);
    expect((await row.boundingBox())?.height).toBeCloseTo(before, 0);
  });
  await test.step('a file that is no picture is a card, and downloads unchanged', async () => {
    const general = await ada.createChannel('card');
    await ada.open(general);
    await rain.open(general);
    await choose(ada.page, [textFile('码头用语对照表.txt', '尾班船 last ferry\n'), blob('data.bin', 2048)]);
    await chat(ada.page).send.click();

    const row = chat(rain.page).rows.first();
    await expect(row).toContainText('码头用语对照表.txt');
    await expect(row).toContainText('2 KB');
    const [download] = await Promise.all([
      rain.page.waitForEvent('download'),
      row
        .getByRole('link', { name: 'Download 码头用语对照表.txt' })
        .or(row.getByRole('button', { name: 'Download 码头用语对照表.txt' }))
        .click(),
    ]);
    expect(download.suggestedFilename()).toBe('码头用语对照表.txt');
    expect(await readFile(await download.path(), 'utf8')).toBe('尾班船 last ferry\n');

    const stranger = await visitor();
    const response = await stranger.context.request.get(download.url());
    expect([401, 403, 404]).toContain(response.status());
  });
});

test('files are pasted, dropped, cancelled, and refused over the limit', async ({ person }, info) => {
  const ada = await person('Ada');
  await test.step('files can be pasted and dropped', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    const { box, send, rows } = chat(ada.page);
    await box.focus();
    await hand(ada.page, 'paste', [textFile('pasted.txt', 'one')]);
    await expect(ada.page.getByText('pasted.txt')).toBeVisible();
    await hand(ada.page, 'drop', [textFile('dropped.txt', 'two')]);
    await expect(ada.page.getByText('dropped.txt')).toBeVisible();
    await send.click();
    await expect(rows.first()).toHaveAttribute('data-state', 'sent');
    await expect(rows.first()).toContainText('pasted.txt');
    await expect(rows.first()).toContainText('dropped.txt');
  });
  await test.step('a file over the limit is refused before it is sent anywhere', async () => {
    const general = await ada.createChannel('limit');
    await ada.open(general);
    let uploads = 0;
    ada.page.on('request', (request) => (uploads += request.url().includes('/api/uploads') ? 1 : 0));
    // From the disk, where it takes no room: a buffer would have to go through the browser's protocol.
    const huge = info.outputPath('huge.iso');
    await writeFile(huge, '');
    await truncate(huge, 26 * 1024 * 1024);
    const [chooser] = await Promise.all([ada.page.waitForEvent('filechooser'), chat(ada.page).attach.click()]);
    await chooser.setFiles(huge);
    await expect(ada.page.getByRole('alert').filter({ hasText: /25\s?MB/ })).toBeVisible();
    expect(uploads).toBe(0);
  });
  await test.step('an upload shows its progress and can be cancelled', async () => {
    const general = await ada.createChannel('progress');
    await ada.open(general);
    const network = await ada.context.newCDPSession(ada.page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 100_000,
    });
    await choose(ada.page, [blob('slow.bin', 4_000_000)]);
    const progress = ada.page.getByRole('progressbar', { name: /slow\.bin/ });
    await expect(progress).toBeVisible();
    await expect.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(0);
    await ada.page.getByRole('button', { name: /^Cancel upload of slow\.bin/ }).click();
    await expect(ada.page.getByText('slow.bin')).toHaveCount(0);
    await chat(ada.page).box.fill('without it');
    await chat(ada.page).box.press('Shift+Enter');
    await expect(chat(ada.page).row('without it')).toHaveAttribute('data-state', 'sent');
    await expect(chat(ada.page).row('without it')).not.toContainText('slow.bin');
  });
});
