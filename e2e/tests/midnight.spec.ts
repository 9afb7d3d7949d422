/** A tab that stays open over midnight. */
import { chat } from '../support/screen';
import { expect, test } from '../support/test';

test('after midnight the day before is Yesterday, and only one day is Today', async ({ person }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'before midnight');
  await ada.page.clock.install({ time: new Date() });
  await ada.open(general);
  const { log, row, box } = chat(ada.page);
  await expect(row('before midnight')).toBeVisible();
  await expect(log.getByText('Today', { exact: true })).toHaveCount(1);
  await ada.page.clock.fastForward('24:00:00');
  await expect(log.getByText('Yesterday', { exact: true })).toHaveCount(1);
  await expect(log.getByText('Today', { exact: true })).toHaveCount(0);
  // What is written now is of the new day, as far as this browser knows.
  await ada.page.route(/\/messages$/, () => undefined);
  await box.fill('after midnight');
  await box.press('Shift+Enter');
  await expect(row('after midnight')).toBeVisible();
  await expect(log.getByText('Today', { exact: true })).toHaveCount(1);
  await expect(log.getByText('Yesterday', { exact: true })).toHaveCount(1);
});
