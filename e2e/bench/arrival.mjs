/** What an arriving message costs the main thread of an open tab, at a steady twenty a second. */
import { arrive, metric, open, seen, talk, writer } from './browser.mjs';

const PER_SECOND = 20;
const SECONDS = 20;
const QUICK_SECONDS = 6;
/** After opening, the tab still has things to finish that no message causes. */
const WARM_UP_MESSAGES = 40;

export async function arrival(browser, origin, quick) {
  const { context, page, tools } = await arrive(browser, origin);
  const post = await writer(origin);
  await tools.send('Performance.enable');
  await open(page);
  await seen(page, await talk(post, WARM_UP_MESSAGES, PER_SECOND));
  const before = await metric(tools, 'TaskDuration');
  const count = (quick ? QUICK_SECONDS : SECONDS) * PER_SECOND;
  await seen(page, await talk(post, count, PER_SECOND));
  const spent = (await metric(tools, 'TaskDuration')) - before;
  await context.close();
  return { 'web.arrival': (spent * 1000) / count };
}
