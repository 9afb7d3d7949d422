/** What axe finds on a page. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** The rules that depend on colours. Whatever else they look at, a page is the same in both themes. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

interface Part {
  /** What of the page is looked at; all of it without this. */
  readonly only?: string;
  readonly except?: string;
}

/** Nothing is found on the page as it is shown. */
export async function expectNothingFound(page: Page, part: Part = {}): Promise<void> {
  await expectNothing(page, part, []);
}

/** Nothing is found on the page in the light theme, nor in the dark one. */
export async function expectNothingInBothThemes(page: Page, part: Part = {}): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNothing(page, part, OF_COLOURS);
  await page.emulateMedia({ colorScheme: 'light' });
  await expectNothing(page, part, []);
}

async function expectNothing(page: Page, { only, except }: Part, rules: string[]): Promise<void> {
  // What still fades in has colours in between, which nobody reads.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
        .map((one) => one.finished.catch(() => undefined)),
    ),
  );
  // In the page itself: no page of the product has another document in it, for which axe would open a page of its own.
  const scan = new AxeBuilder({ page }).setLegacyMode();
  if (only !== undefined) scan.include(only);
  if (except !== undefined) scan.exclude(except);
  if (rules.length > 0) scan.withRules(rules);
  const { violations } = await scan.analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`),
  }));
  expect(found, `${page.url()} ${rules.join(' ')}`).toEqual([]);
}
