/** How evenly frames come while somebody scrolls up through a channel of 100,000 messages, fetching as she goes. */
import { arrive, open } from './browser.mjs';

const SECONDS = 20;
const QUICK_SECONDS = 6;
/** A turn of the wheel: about two messages, sixty times a second. */
const STEP_PX = -120;
const STEPS_PER_SECOND = 60;

export async function frames(browser, origin, quick) {
  const { context, page, tools } = await arrive(browser, origin);
  await open(page);
  const box = await page.getByRole('log').boundingBox();
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const newest = await number(page, 'last');
  await page.evaluate(count);
  const steps = (quick ? QUICK_SECONDS : SECONDS) * STEPS_PER_SECOND;
  const started = performance.now();
  const turns = [];
  for (let step = 0; step < steps; step += 1) {
    const early = started + (step * 1000) / STEPS_PER_SECOND - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    turns.push(tools.send('Input.dispatchMouseEvent', { type: 'mouseWheel', ...at, deltaX: 0, deltaY: STEP_PX }));
  }
  await Promise.all(turns);
  const gaps = await page.evaluate(() => window.frameGaps);
  const top = await number(page, 'first');
  console.error(`  ${gaps.length} frames, up to message ${top} of ${newest}`);
  if (!(top < newest - 200)) throw new Error('The list was not scrolled: nothing older was fetched');
  await context.close();
  gaps.sort((a, b) => a - b);
  const quantile = (part) => gaps[Math.floor(part * (gaps.length - 1))];
  return { 'web.frames.p50': quantile(0.5), 'web.frames.p95': quantile(0.95), 'web.frames.p99': quantile(0.99) };
}

/** The number of the first or the last message that is in the document. */
async function number(page, which) {
  return Number(await page.locator('[role=log] [data-number]')[which]().getAttribute('data-number'));
}

/** Runs in the page: keeps the time between any two frames. */
function count() {
  window.frameGaps = [];
  let before = performance.now();
  const next = (now) => {
    window.frameGaps.push(now - before);
    before = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}
