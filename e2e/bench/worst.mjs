/**
 * How long the texts that were made to freeze a reader take to show: a channel with thirty of the longest messages of one
 * kind is opened, from the navigation until the app rests. One figure a kind; the worst of them has the budget.
 */
import { arrive, fill } from './browser.mjs';

const MESSAGES = 30;
/** As many characters as a message may have. */
const LENGTH = 10_000;
const RUNS = 3;

const KINDS = {
  code: (length) => `\`\`\`js\n${'""a'.repeat(length / 3 - 4)}`,
  breaks: (length) => 'a\n'.repeat(length / 2),
  paragraphs: (length) => 'a\n\n'.repeat(length / 3),
  emphasis: (length) => '*a*b'.repeat(length / 4),
  lists: (length) => '- a\n  - b\n    - c\n'.repeat(length / 18),
  quotes: (length) => '> a\n\n'.repeat(length / 5),
  marks: (length) => `ก${'\u0e49'.repeat(99)}`.repeat(length / 100),
};

export async function worst(browser, origin, quick) {
  const slowest = [];
  for (const [kind, text] of Object.entries(KINDS)) {
    const path = await fill(origin, `worst ${kind} ${process.pid}`, `${text(LENGTH).slice(0, LENGTH - 1)}.`, MESSAGES);
    const times = [];
    for (let run = 0; run < (quick ? 1 : RUNS); run += 1) {
      const { context, page } = await arrive(browser, origin);
      await page.goto(path);
      await page.locator('#first').waitFor({ state: 'detached' });
      await page.locator(`[role=log] [data-number="${MESSAGES}"]`).waitFor();
      // The frame that is being made is through, and what it made late.
      times.push(await page.evaluate(() => new Promise((rest) => requestIdleCallback(() => rest(performance.now())))));
      await context.close();
    }
    console.error(`  ${kind}: ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
    slowest.push(Math.min(...times));
  }
  return { 'web.worst': Math.max(...slowest) };
}
