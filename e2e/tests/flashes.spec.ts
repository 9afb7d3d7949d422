/** Alerts: gone after three seconds, unless somebody is reading them. */
import type { Locator, Page } from '@playwright/test';
import { holdAlerts } from '../support/alerts';
import { channels, shell } from '../support/screen';
import { expect, test } from '../support/test';

const LIFE_MS = 3_000;

test('an alert goes after three seconds', async ({ person }) => {
  const ada = await person('Ada');
  await ada.page.addInitScript(() => {
    const times: number[] = [];
    Object.assign(globalThis, { times });
    for (const moment of ['animationstart', 'animationend'] as const) {
      document.addEventListener(moment, (event) => event.animationName === 'drain' && times.push(performance.now()));
    }
  });
  await makeChannel(ada.page);
  const times = await ada.page.waitForFunction(() => {
    const { times } = globalThis as unknown as { times: number[] };
    return times.length === 2 && times;
  });
  const [shown = 0, ended = 0] = (await times.jsonValue()) as number[];
  // How much later than that is up to the machine.
  expect(ended - shown).toBeGreaterThan(LIFE_MS - 100);
  await expect(created(ada.page)).toHaveCount(0);
});

test('an alert stays while the pointer is on it, and goes after that', async ({ person }) => {
  const ada = await person('Ada');
  await holdAlerts(ada.page);
  await makeChannel(ada.page);
  const flash = created(ada.page);
  await flash.hover();
  await expect.poll(() => clock(flash)).toBe('paused');
  await ada.page.mouse.move(5, 5);
  await expect.poll(() => clock(flash)).toBe('running');
  await flash.evaluate((shown) => shown.getAnimations({ subtree: true }).forEach((one) => one.finish()));
  await expect(flash).toHaveCount(0);
});

test('an alert can be dismissed', async ({ person }) => {
  const ada = await person('Ada');
  await holdAlerts(ada.page);
  await makeChannel(ada.page);
  const flash = created(ada.page);
  await flash.getByRole('button', { name: 'Dismiss' }).click();
  await expect(flash).toHaveCount(0);
});

async function makeChannel(page: Page): Promise<void> {
  await page.goto('/channels');
  await channels(page).name.fill('general');
  await channels(page).create.click();
}

function created(page: Page): Locator {
  return shell(page).flash(/general.* has been created/);
}

/** Whether the time of an alert runs. */
async function clock(flash: Locator): Promise<string | undefined> {
  return flash.evaluate((shown) => {
    const animations = shown.getAnimations({ subtree: true });
    return animations.find((one) => one instanceof CSSAnimation && one.animationName === 'drain')?.playState;
  });
}
