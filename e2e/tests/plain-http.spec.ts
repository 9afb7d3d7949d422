/** A classroom without TLS: plain http under a name that no browser takes for its own machine. Browsers give no locks there. */
import type { Page } from '@playwright/test';
import { chat, channels, signIn } from '../support/screen';
import { expect, test } from '../support/test';

const HOST = 'classroom.lan';

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const args = [...(launchOptions.args ?? []), `--host-resolver-rules=MAP ${HOST} 127.0.0.1`];
    await use({ ...launchOptions, args });
  },
});

test('the first message after a load, a reload or the end of another tab does not wait for a lease to run out', async ({
  visitor,
  server,
}) => {
  const site = { origin: server.origin.replace('127.0.0.1', HOST) };
  const { page, context, watch } = await visitor({}, site);
  watch.announce(/Cross-Origin-Opener-Policy header has been ignored/);
  // With a clock that stands still no lease ever runs out: it is given back, or its holder is asked and followed.
  await context.clock.setFixedTime(new Date());
  await page.goto('/login');
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await signIn(page).name.fill('Ada');
  await signIn(page).join.click();
  await channels(page).name.fill('general');
  await channels(page).create.click();
  await write(page, 'first');
  await page.reload();
  await write(page, 'after a reload');
  // A page that ended without a word, as in a crash: its lease is still there.
  const crashed = await context.newPage();
  await crashed.goto('/channel/general');
  await expect(chat(crashed).row('after a reload')).toBeVisible();
  await page.close({ runBeforeUnload: false });
  await write(crashed, 'by the other tab');
  const late = await context.newPage();
  await late.goto('/channel/general');
  await expect(chat(late).row('by the other tab')).toBeVisible();
  await write(late, 'while another leads');
  await crashed.close();
  await write(late, 'after its end');
});

async function write(page: Page, text: string): Promise<void> {
  await chat(page).box.fill(text);
  await chat(page).box.press('Shift+Enter');
  await expect(chat(page).row(text)).toHaveAttribute('data-state', 'sent');
}
