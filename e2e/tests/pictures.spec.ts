/** Pictures of every kind and shape: shown, opened, and named. */
import { avif, gif, heic, picture, placed, transparent } from '../support/files';
import { choose, hand } from '../support/hand';
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

test('pictures of every kind and shape are shown, opened and named', async ({ person }) => {
  const ada = await person('Ada');
  await test.step('a picture opens wherever it is clicked, also a very flat one', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    const shapes = [picture('usual.png', 600, 400), picture('flat.png', 1000, 10), picture('tall.png', 10, 1000)];
    await choose(ada.page, [...shapes, picture('dot.png', 1, 1)]);
    await chat(ada.page).send.click();
    const row = chat(ada.page).rows.first();
    await expect(row).toHaveAttribute('data-state', 'sent');
    for (const name of ['usual.png', 'flat.png', 'tall.png', 'dot.png']) {
      const opener = row.getByRole('button', { name: `Open ${name} large` });
      await expect
        .poll(() => opener.getByRole('img').evaluate((img: HTMLImageElement) => img.naturalWidth))
        .toBeGreaterThan(0);
      const { width = 0, height = 0 } = (await opener.boundingBox()) ?? {};
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(48);
      // At its left and lower end, where the caption lies over it.
      await opener.hover();
      await opener.click({ position: { x: 8, y: height - 8 } });
      await expect(ada.page.getByRole('dialog', { name: `Picture: ${name}` })).toBeVisible();
      await ada.page.keyboard.press('Escape');
      await expect(ada.page.getByRole('dialog')).toBeHidden();
    }
  });
  await test.step('a moving picture says so and moves when it is opened', async () => {
    const general = await ada.createChannel('moving');
    await ada.open(general);
    await choose(ada.page, [gif('dance.gif', 200)]);
    await chat(ada.page).send.click();
    const opener = chat(ada.page)
      .rows.first()
      .getByRole('button', { name: /^Open dance\.gif large: a moving picture/ });
    await expect(opener.getByText('GIF')).toBeVisible();
    await expect(opener.getByRole('img')).toHaveAttribute('src', /^\/thumbnails\//);
    await opener.click();
    const large = ada.page.getByRole('dialog').getByRole('img');
    await expect(large).toHaveAttribute('src', /\/dance\.gif$/);
    await expect.poll(() => large.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(200);
  });
  await test.step('AVIF is shown, and HEIC is named as HEIC', async () => {
    const general = await ada.createChannel('AVIF');
    await ada.open(general);
    await choose(ada.page, [avif('shot.avif'), heic('IMG_0001.jpg')]);
    await chat(ada.page).send.click();
    const row = chat(ada.page).rows.first();
    const image = row.getByRole('img', { name: 'shot.avif' });
    await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(2);
    await expect(row.getByText('HEIC', { exact: true })).toBeVisible();
    await expect(row.getByText(/browsers do not show HEIC photos/)).toBeVisible();
  });
  await test.step('the place is taken out of a pasted picture, unless the sender keeps it', async () => {
    const general = await ada.createChannel('place');
    await ada.open(general);
    const takesOut = ada.page.getByRole('checkbox', { name: 'Take out location and camera data' });
    const sent = async (): Promise<string> => {
      await chat(ada.page).send.click();
      await expect(ada.page.getByRole('checkbox', { name: /^Take out/ })).toHaveCount(0);
      const row = chat(ada.page).rows.last();
      await expect(row).toHaveAttribute('data-state', 'sent');
      const [file] = (await ada.messages(general)).at(-1)?.attachments ?? [];
      const answer = await ada.context.request.get(`/files/${file?.id}/x`);
      return (await answer.body()).toString('latin1');
    };
    await hand(ada.page, 'paste', [placed('beach.png')]);
    await expect(takesOut).toBeChecked();
    const clean = await sent();
    expect(clean).toContain('IDAT');
    expect(clean).not.toContain('GPS');

    await hand(ada.page, 'drop', [placed('pier.png')]);
    await expect(takesOut).toBeChecked();
    await takesOut.uncheck();
    expect(await sent()).toContain('GPS');

    await choose(ada.page, [placed('survey.png')]);
    await expect(takesOut).not.toBeChecked();
    await takesOut.check();
    expect(await sent()).not.toContain('GPS');
  });
  await test.step('transparent pictures are visible in both themes', async () => {
    await ada.page.emulateMedia({ colorScheme: 'dark' });
    const general = await ada.createChannel('transparent');
    await ada.open(general);
    await choose(ada.page, [transparent('plan.png', 400, 300)]);
    await chat(ada.page).send.click();
    const image = chat(ada.page).rows.first().getByRole('img', { name: 'plan.png' });
    await expect(image).toHaveClass(/is-there/);
    // Neither black nor white: both stand out from it.
    expect(await image.evaluate((img) => getComputedStyle(img).backgroundImage)).toContain('conic-gradient');
  });
});
