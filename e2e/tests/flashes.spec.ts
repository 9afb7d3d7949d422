/** Alerts: gone after three seconds, unless somebody is reading them. */
import { channels, shell } from '../support/screen';
import { expect, test } from '../support/test';

const LIFE_MS = 3_000;

test('an alert goes after three seconds', async ({ person }) => {
  const ada = await person('Ada');
  await ada.page.goto('/channels');
  await channels(ada.page).name.fill('general');
  await channels(ada.page).create.click();
  const flash = shell(ada.page).flash(/general.* has been created/);
  await expect(flash).toBeVisible();
  const shown = Date.now();
  await expect(flash).toBeHidden();
  const lived = Date.now() - shown;
  expect(lived).toBeGreaterThan(LIFE_MS - 1_000);
  expect(lived).toBeLessThan(LIFE_MS + 2_000);
});

test('an alert stays under the pointer and goes after it left', async ({ person }) => {
  const ada = await person('Ada');
  await ada.page.goto('/channels');
  await channels(ada.page).name.fill('general');
  await channels(ada.page).create.click();
  const flash = shell(ada.page).flash(/general.* has been created/);
  await flash.hover();
  const hovered = Date.now();
  // Nothing can announce that something does not happen: look until well after its time.
  await expect(async () => {
    expect(await flash.isVisible()).toBe(true);
    expect(Date.now() - hovered).toBeGreaterThan(LIFE_MS + 1_500);
  }).toPass({ intervals: [100] });
  await ada.page.mouse.move(5, 5);
  await expect(flash).toBeHidden();
});

test('an alert can be dismissed', async ({ person }) => {
  const ada = await person('Ada');
  await ada.page.goto('/channels');
  await channels(ada.page).name.fill('general');
  await channels(ada.page).create.click();
  const flash = shell(ada.page).flash(/general.* has been created/);
  await flash.getByRole('button', { name: 'Dismiss' }).click();
  await expect(flash).toHaveCount(0, { timeout: 1_500 });
});
