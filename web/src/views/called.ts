/** That something calls the person, on what stands for the page elsewhere: the icon of its tab, and that of an installed app. */
import dotted from './called.svg';

/** Browsers have it where the page can be installed as an app. */
type Badge = Partial<Pick<Navigator, 'setAppBadge' | 'clearAppBadge'>>;

/** The icon without a dot, as the server's page has it. */
let plain = '';
let shown = 0;

/** Shows how many there are: as a dot on the icon of the tab, and as a number on that of the app. */
export function showCalls(count: number): void {
  if (count === shown) return;
  const icon = document.querySelector('link[rel=icon]');
  if (shown === 0) plain = icon?.getAttribute('href') ?? '';
  shown = count;
  icon?.setAttribute('href', count > 0 ? dotted : plain);
  const badge: Badge = navigator;
  const told = count > 0 ? badge.setAppBadge?.(count) : badge.clearAppBadge?.();
  // A browser may forbid it; the icon of the tab and the title tell it too.
  told?.catch(() => undefined);
}
