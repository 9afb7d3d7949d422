/**
 * How long a person on a slow phone waits for the first message: from the start of the navigation until a message is
 * painted in view, with a processor slowed four times, the network of the developer tools' "Fast 3G", and nothing cached.
 */
import { DEADLINE_MS, LONG, arrive } from './browser.mjs';

const RUNS = 5;
const QUICK_RUNS = 3;
const SLOWER = 4;
/** The preset "Fast 3G" of Chromium's developer tools: bytes per second, milliseconds. */
const FAST_3G = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };

export async function first(browser, origin, quick) {
  const painted = [];
  const html = [];
  for (let run = 0; run < (quick ? QUICK_RUNS : RUNS); run += 1) {
    const { context, page, tools } = await arrive(browser, origin);
    await page.addInitScript(watch);
    await tools.send('Network.enable');
    await tools.send('Network.emulateNetworkConditions', FAST_3G);
    await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.goto(LONG.path, { waitUntil: 'commit' });
    const times = await page.waitForFunction(() => window.firstMessage, undefined, { timeout: DEADLINE_MS });
    const { painted: at, html: whole } = await times.jsonValue();
    console.error(`  painted after ${at.toFixed(0)} ms, the HTML was there after ${whole.toFixed(0)} ms`);
    painted.push(at);
    html.push(whole);
    await context.close();
  }
  return { 'web.first': painted, 'web.first.html': html };
}

/** Runs in the page, before anything of its own: notes when the first frame with a message in view is through. */
function watch() {
  /** There, not hidden in any way, and inside the part of the list that is in view. */
  const inView = (row) => {
    const [text, log] = [row.getBoundingClientRect(), row.closest('[role=log]').getBoundingClientRect()];
    const shows = row.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
    const [top, bottom] = [Math.max(0, log.top), Math.min(innerHeight, log.bottom)];
    return shows && text.height > 0 && text.top >= top && text.bottom <= bottom;
  };
  const note = (painted) => {
    const [navigation] = performance.getEntriesByType('navigation');
    window.firstMessage = { painted, html: navigation.responseEnd };
  };
  const look = (frame) => {
    const rows = [...document.querySelectorAll('[role=log] [data-number]')];
    if (!rows.reverse().some(inView)) return void requestAnimationFrame(look);
    // This frame paints it. Where it is the first that paints anything, the browser itself says when it was shown.
    // Else the task after the frame comes when it is painted, or later.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      const now = performance.now();
      new PerformanceObserver((list) => {
        const [{ startTime }] = list.getEntriesByName('first-contentful-paint');
        note(startTime >= frame ? startTime : now);
      }).observe({ type: 'paint', buffered: true });
    };
    port2.postMessage(null);
  };
  const observer = new MutationObserver(() => {
    if (document.querySelector('[role=log] [data-number]') === null) return;
    observer.disconnect();
    requestAnimationFrame(look);
  });
  observer.observe(document, { childList: true, subtree: true });
}
