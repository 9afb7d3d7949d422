/** What a page's browser keeps on its disk. */
import type { Page } from '@playwright/test';

/** How many wishes of stored messages are there, of everybody. */
export function wishesOnDisk(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const name = names.find((each) => /^chinwag\.[0-9a-f]+$/.test(each));
    if (name === undefined) return 0;
    const done = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error('no answer'));
      });
    const db = await done(indexedDB.open(name));
    try {
      return await done(db.transaction('wishes').objectStore('wishes').count());
    } finally {
      db.close();
    }
  });
}
