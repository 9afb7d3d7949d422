/** What every page keeps to, whatever its size. */
import { expect, type Locator, type Page } from '@playwright/test';

/** The page itself never scrolls sideways; panes and code boxes may. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${page.url()} is wider than its window`).toBeLessThanOrEqual(0);
}

/**
 * How far down the window an element begins, as it was painted. Within a frame, rows of a long list may be there that are
 * measured and put in their place only at its end; who looks then sees what nobody else does.
 */
export async function topOf(element: Locator): Promise<number> {
  return element.evaluate(async (shown) => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return shown.getBoundingClientRect().top;
  });
}

/** How much of an element is in the window and in whatever scrolls around it, from 0 to 1. */
export async function fractionInView(element: Locator): Promise<number> {
  return element.evaluate(
    (shown) =>
      new Promise<number>((resolve) => {
        const observer = new IntersectionObserver(([entry]) => {
          observer.disconnect();
          resolve(entry?.intersectionRatio ?? 0);
        });
        observer.observe(shown);
      }),
  );
}

/**
 * Turns the wheel over something that scrolls, and waits until it has moved and rests: the browser scrolls some frames
 * later, and whoever turns again before that skips what they look for. Where it does not move, that is the end of it.
 */
export async function turnWheel(log: Locator, by: number): Promise<void> {
  await log.hover();
  const before = await log.evaluate((scrolled) => scrolled.scrollTop);
  await log.page().mouse.wheel(0, by);
  await log.evaluate(async (scrolled, from) => {
    const FRAMES = 60;
    const RESTING = 4;
    let last = scrolled.scrollTop;
    for (let frame = 0, rests = 0; frame < FRAMES && rests < RESTING; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      rests = scrolled.scrollTop === last && last !== from ? rests + 1 : 0;
      last = scrolled.scrollTop;
    }
  }, before);
}

/** How bright the page's ground is, from 0 to 1. */
export async function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const pixel = new OffscreenCanvas(1, 1).getContext('2d');
    if (pixel === null) throw new Error('no canvas');
    const main = document.querySelector('main') ?? document.body;
    for (const element of [document.documentElement, document.body, main]) {
      pixel.fillStyle = getComputedStyle(element).backgroundColor;
      pixel.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = pixel.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3 / 255;
  });
}

/** As if the browser's text were twice as large; windows stay as they are. */
export async function doubleText(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
}

/** Texts that are drawn over each other, as far as what scrolls shows them. */
export async function overlaps(part: Locator): Promise<string[]> {
  return part.evaluate((root) => {
    const shown: { text: string; box: DOMRect }[] = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = (node.textContent ?? '').trim();
      if (text === '' || parent === null || parent.closest('.sr, option, [hidden]') !== null) continue;
      if (!parent.checkVisibility({ visibilityProperty: true })) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) {
        const box = clipped(rect, parent);
        if (box.width > 1 && box.height > 1) shown.push({ text, box });
      }
    }
    /** What the boxes around it let be seen. */
    function clipped(rect: DOMRect, within: Element): DOMRect {
      let { left, top, right, bottom } = rect;
      for (let box: Element | null = within; box !== null; box = box.parentElement) {
        if (getComputedStyle(box).overflowX === 'visible') continue;
        const edge = box.getBoundingClientRect();
        left = Math.max(left, edge.left);
        top = Math.max(top, edge.top);
        right = Math.min(right, edge.right);
        bottom = Math.min(bottom, edge.bottom);
      }
      return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top));
    }
    /** Lines of one text stand this close. */
    const LEADING_PX = 4;
    return shown.flatMap((a, index) =>
      shown
        .slice(index + 1)
        .filter(
          (b) =>
            a.text !== b.text &&
            Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left) > 1 &&
            Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top) > LEADING_PX,
        )
        .map((b) => `“${a.text}” and “${b.text}”`),
    );
  });
}
