/** Whether a tab that stays open grows: its script memory after 50,000 messages arrived, against after 5,000. */
import { arrive, metric, open, seen, talk, writer } from './browser.mjs';

const EARLY = 5_000;
const ALL = 50_000;
/** Faster than any talk, slow enough to be taken in as it comes. */
const PER_SECOND = 500;
/** A tab on a busy machine takes them in more slowly. */
const PATIENCE_MS = 300_000;

export async function memory(browser, origin) {
  const { context, page, tools } = await arrive(browser, origin);
  const post = await writer(origin);
  await tools.send('Performance.enable');
  await open(page);
  await seen(page, await talk(post, EARLY, PER_SECOND), PATIENCE_MS);
  const early = await used(tools);
  await seen(page, await talk(post, ALL - EARLY, PER_SECOND), PATIENCE_MS);
  const late = await used(tools);
  console.error(`  ${megabytes(early)} after ${EARLY} messages, ${megabytes(late)} after ${ALL}`);
  await context.close();
  return { 'web.memory': late / early };
}

/** What is in use once everything that nobody holds is gone. */
async function used(tools) {
  await tools.send('HeapProfiler.enable');
  // Twice: what the first run frees may have been all that held something else.
  await tools.send('HeapProfiler.collectGarbage');
  await tools.send('HeapProfiler.collectGarbage');
  return metric(tools, 'JSHeapUsedSize');
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
