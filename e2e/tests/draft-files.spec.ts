/** Files of a draft: kept over a reload, refused with a reason; and what a paste means. */
import { blob, picture, textFile } from '../support/files';
import { choose, hand } from '../support/hand';
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

test('files of a draft are kept, an empty one is named, and a paste means what it holds', async ({ person }) => {
  const ada = await person('Ada');
  await test.step('files of a draft are there again after a reload', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    await choose(ada.page, [textFile('minutes.txt', 'who said what'), picture('pier.png', 300, 200)]);
    await expect(ada.page.getByRole('progressbar')).toHaveCount(0);
    await ada.page.reload();
    await expect(ada.page.getByText('minutes.txt')).toBeVisible();
    await ada.page.getByRole('button', { name: 'Remove pier.png' }).click();
    await ada.page.reload();
    await expect(ada.page.getByText('minutes.txt')).toBeVisible();
    await expect(ada.page.getByText('pier.png')).toHaveCount(0);
    await chat(ada.page).box.fill('with its file');
    await chat(ada.page).send.click();
    await expect(chat(ada.page).row('with its file')).toHaveAttribute('data-state', 'sent');
    expect((await ada.messages(general)).at(-1)?.attachments.map(({ name }) => name)).toEqual(['minutes.txt']);
    await ada.page.reload();
    await expect(chat(ada.page).row('with its file')).toBeVisible();
    await expect(ada.page.getByRole('button', { name: 'Remove minutes.txt' })).toHaveCount(0);
  });
  await test.step('an empty file is said to be empty', async () => {
    const general = await ada.createChannel('empty');
    await ada.open(general);
    await hand(ada.page, 'drop', [textFile('nothing.txt', '')]);
    await expect(ada.page.getByRole('alert').filter({ hasText: /nothing\.txt is empty/ })).toBeVisible();
    await hand(ada.page, 'drop', [textFile('something.txt', 'x')]);
    await expect(ada.page.getByRole('alert')).toHaveCount(0);
  });
  await test.step('a paste that holds a text and a picture of it pastes the text', async () => {
    const general = await ada.createChannel('paste');
    await ada.open(general);
    const cells = { 'text/plain': 'a\tb\n1\t2', 'text/html': '<table><tr><td>a</td></tr></table>' };
    const shot = picture('image.png', 30, 20);
    expect(await hand(ada.page, 'paste', [shot], cells), 'the field takes it').toBe(false);
    await expect(ada.page.getByText('image.png')).toHaveCount(0);
    expect(await hand(ada.page, 'paste', [shot], { 'text/html': '<p>only <b>marked</b></p>' })).toBe(true);
    await expect(chat(ada.page).box).toHaveValue('only marked');
    expect(await hand(ada.page, 'paste', [shot], { 'text/html': '<img src="/x.png">' })).toBe(true);
    await expect(ada.page.getByText('image.png')).toBeVisible();
  });
  await test.step('the first line of pasted code keeps its indent', async () => {
    const general = await ada.createChannel('code');
    await ada.open(general);
    await chat(ada.page).box.fill('\n    if late:\n        wait()\n');
    await chat(ada.page).send.click();
    await expect(chat(ada.page).rows.first()).toHaveAttribute('data-state', 'sent');
    expect((await ada.messages(general)).at(-1)?.text).toBe('    if late:\n        wait()');
  });
});

test('a proxy that refuses large files gets small parts, or is named and the message goes out without the file', async ({
  person,
}) => {
  const ada = await person('Ada');
  ada.watch.announce(/status of 413/);
  await test.step('a proxy that refuses a file is named, and the message goes out without the file', async () => {
    const general = await ada.createChannel('general');
    await ada.open(general);
    await ada.page.route('**/api/uploads/resumable/*', async (route) => {
      if (route.request().method() !== 'PATCH') return route.continue();
      return route.fulfill({ status: 413, contentType: 'text/html', body: '<h1>413 Request Entity Too Large</h1>' });
    });
    await choose(ada.page, [blob('large.bin', 300_000)]);
    await expect(ada.page.getByRole('alert').filter({ hasText: /proxy/ })).toBeVisible();
    await chat(ada.page).box.fill('and a word');
    await chat(ada.page).send.click();
    const told = ada.page.getByRole('alert').filter({ hasText: /Not sent: a file was refused/ });
    await expect(told).toBeVisible();
    await told.getByRole('button', { name: 'Take it out' }).click();
    await expect(told).toHaveCount(0);
    await expect(ada.page.getByText('large.bin')).toHaveCount(0);
    await chat(ada.page).send.click();
    await expect(chat(ada.page).row('and a word')).toHaveAttribute('data-state', 'sent');
    await ada.page.unrouteAll();
  });
  await test.step('a file goes in small parts through a proxy that takes only small ones', async () => {
    const general = await ada.createChannel('parts');
    await ada.open(general);
    await ada.page.route('**/api/uploads/resumable/*', async (route) => {
      const bytes = Number((await route.request().allHeaders())['content-length'] ?? 0);
      if (bytes <= 1024 * 1024) return route.continue();
      return route.fulfill({ status: 413, contentType: 'text/html', body: '<h1>413</h1>' });
    });
    await choose(ada.page, [blob('large.bin', 3_000_000)]);
    await chat(ada.page).send.click();
    await expect(chat(ada.page).rows.first()).toHaveAttribute('data-state', 'sent');
    expect((await ada.messages(general)).at(-1)?.attachments).toMatchObject([{ name: 'large.bin', size: 3_000_000 }]);
    await ada.page.unrouteAll();
  });
});
