/** The key G, and then the letter of a page: from anywhere to Activity, Threads and Saved. */
import type { App } from '../../app';
import { isOfPage } from '../chat/page-keys';

const PAGES = { a: 'activity', t: 'threads', s: 'saved' } as const;
/** The letter comes so soon after G; later it is a key for itself. */
export const WITHIN_MS = 1_500;

function isPage(key: string): key is keyof typeof PAGES {
  return key in PAGES;
}

/** What hears all keys before whatever has the focus: on a message, the letter would be a key of its own. */
export function goKeys(app: App): (event: KeyboardEvent) => void {
  let since = -Infinity;
  return (event) => {
    const isSecond = event.timeStamp - since < WITHIN_MS;
    since = -Infinity;
    if (!isOfPage(app, event)) return;
    const { key } = event;
    if (isSecond && isPage(key)) {
      event.preventDefault();
      event.stopPropagation();
      app.navigator.go({ kind: PAGES[key] });
    } else if (key === 'g') since = event.timeStamp;
  };
}
