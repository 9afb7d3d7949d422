/** A lesson: a host invites guests by a code, keeps the door, keeps order from the bar, ends the class, takes the transcript home. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';
import type { Person } from '../support/person';

const PHONE = { viewport: { width: 390, height: 844 } };
const bar = (page: Page) => page.getByRole('toolbar', { name: 'Host tools' });

/** A host makes an invite in the pane of their channel. Returns its address. */
async function invite(host: Person, approve: boolean): Promise<string> {
  const { page } = host;
  await page.getByRole('button', { name: 'Channel options' }).click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  const pane = page.getByRole('complementary', { name: /^Details/ });
  await pane.getByRole('button', { name: 'Invite guests…' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('For whom').fill('3B');
  if (approve) await form.getByLabel(/A host lets them in/).check();
  await form.getByRole('button', { name: 'Make invite' }).click();
  await expect(form.getByRole('img', { name: 'QR code of 3B' })).toBeVisible();
  const address = (await form.locator('.address').textContent()) ?? '';
  await page.keyboard.press('Escape');
  await pane.getByRole('button', { name: 'Close' }).click();
  return address;
}

async function knock(phone: Person, address: string, name: string): Promise<void> {
  await phone.page.goto(address);
  await phone.page.getByLabel('Your name').fill(name);
  await phone.page.getByRole('button', { name: /^Join/ }).click();
}

test('a lesson with three phones: approve, mute all, slow, lock, end, and the transcript', async ({
  browser,
  person,
  visitor,
}) => {
  const chen = await person('Ms Chen');
  const general = await chen.createChannel('physics');
  await chen.open(general);
  const { page } = chen;
  await expect(bar(page)).toHaveCount(0);
  const address = await invite(chen, true);

  // The bar is there now, and says who waits.
  await expect(bar(page)).toBeVisible();
  const phones: Person[] = [];
  for (const name of ['Ka Yan', '郑爽', 'batman']) {
    const phone = await visitor(PHONE);
    phones.push(phone);
    await knock(phone, address, name);
    await expect(phone.page).toHaveURL(/\/waiting$/);
  }
  const door = bar(page).getByRole('button', { name: 'At the door: 3' });
  await door.click();
  const list = page.getByRole('dialog', { name: 'At the door' });
  await list.getByRole('button', { name: 'Refuse batman' }).click();
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await list.getByRole('button', { name: 'Let 2 in' }).click();
  await expect(shell(page).flash('2 are in.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(bar(page).getByRole('button', { name: 'At the door: 0' })).toBeFocused();
  const [first, second] = phones as [Person, Person];
  await expect(chat(first.page).box).toBeVisible();
  await expect(chat(second.page).box).toBeVisible();
  await chat(first.page).box.fill('the water does not notice it');
  await chat(first.page).send.click();
  await expect(chat(page).row('the water does not notice it')).toBeVisible();
  // Where guests are the hosts' names say that they are hosts.
  await chat(page).box.fill('Can you say what it would notice?');
  await chat(page).send.click();
  for (const one of [page, first.page]) {
    await expect(chat(one).row('Can you say what').getByText('Host', { exact: true })).toBeVisible();
    await expect(chat(one).row('the water does not').getByText('Host', { exact: true })).toHaveCount(0);
  }

  // By keyboard: the bar is one stop, and the arrows lead through it.
  const mute = bar(page).getByRole('button', { name: 'Mute everybody' });
  await mute.focus();
  await page.keyboard.press('Enter');
  const muted = bar(page).getByRole('button', { name: 'Everybody muted' });
  await expect(muted).toHaveAttribute('aria-pressed', 'true');
  await expect(first.page.getByRole('status').filter({ hasText: 'Ms Chen is speaking' })).toBeVisible();
  await muted.focus();
  await page.keyboard.press('Enter');
  await expect(mute).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: '30 s' }).click();
  await expect(bar(page).getByRole('button', { name: 'Slow mode: 30 s' })).toHaveAttribute('aria-pressed', 'true');
  await bar(page).getByRole('button', { name: 'Lock', exact: true }).click();
  await expect(first.page.getByRole('status').filter({ hasText: 'Locked by Ms Chen' })).toBeVisible();
  await bar(page).getByRole('button', { name: 'Locked' }).click();

  // One visit ends from the list of members.
  await page.getByRole('button', { name: /3 members/ }).click();
  const pane = page.getByRole('complementary', { name: /^Members/ });
  await pane.getByRole('button', { name: 'More for 郑爽' }).click();
  await page.getByRole('menuitem', { name: 'End visit…' }).click();
  second.watch.announce(/status of 40[13]/);
  await page.getByRole('alertdialog').getByRole('button', { name: 'End visit' }).click();
  await expect(pane.getByText('Visit ended')).toBeVisible();
  await expect(chat(second.page).box).toHaveCount(0);
  await pane.getByRole('button', { name: 'Close' }).click();

  // The transcript opens without a network.
  await bar(page).getByRole('button', { name: 'Export…' }).click();
  const waiting = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Export' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^physics-\d{4}-\d\d-\d\d\.zip$/);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog', { name: 'Export #physics' })).toHaveCount(0);
  const folder = mkdtempSync(join(tmpdir(), 'chinwag-transcript-'));
  const archive = join(folder, 'transcript.zip');
  await download.saveAs(archive);
  execFileSync('python3', ['-m', 'zipfile', '-t', archive]);
  execFileSync('python3', ['-m', 'zipfile', '-e', archive, folder]);
  const offline = await browser.newContext({ ...PHONE, offline: true });
  const read = await offline.newPage();
  const complaints: string[] = [];
  read.on('console', (message) => complaints.push(message.text()));
  await read.goto(`file://${folder}/index.html`);
  await expect(read.getByRole('heading', { name: '# physics' })).toBeVisible();
  await expect(read.getByText('the water does not notice it')).toBeVisible();
  expect(await read.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(complaints, 'its policy allows what it has').toEqual([]);
  await offline.close();

  // The end of the class.
  first.watch.announce(/status of 40[13]/);
  await page.getByRole('button', { name: /3 members/ }).click();
  await expect(pane.getByText(/^Guest until/)).toBeVisible();
  await bar(page).getByRole('button', { name: 'End for guests…' }).click();
  const ask = page.getByRole('alertdialog');
  await expect(ask.getByRole('button', { name: 'Keep it open' })).toBeFocused();
  await ask.getByRole('button', { name: 'End for guests' }).click();
  await expect(shell(page).flash('The class has ended for 1 guest.')).toBeVisible();
  await expect(pane.getByText('Visit ended')).toHaveCount(2);
  await expect(chat(first.page).box).toHaveCount(0);
  const late = await visitor(PHONE);
  late.watch.announce(/status of 40[13]/);
  await late.page.goto(address);
  await expect(late.page.getByLabel('Your name')).toHaveCount(0);
});

test('the bar scrolls on a phone, and its list of those who wait comes up as a sheet', async ({ person, visitor }) => {
  const chen = await person('Ms Chen', PHONE);
  const channel = await chen.createChannel('physics');
  await chen.open(channel);
  const address = await invite(chen, true);
  const phone = await visitor(PHONE);
  await knock(phone, address, 'Ka Yan');
  const { page } = chen;
  const door = bar(page).getByRole('button', { name: 'At the door: 1' });
  await door.click();
  const sheet = page.getByRole('dialog', { name: 'At the door' });
  const box = await sheet.boundingBox();
  expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBe(844);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await sheet.getByRole('button', { name: 'Let Ka Yan in' }).click();
  await expect(chat(phone.page).box).toBeVisible();
});
