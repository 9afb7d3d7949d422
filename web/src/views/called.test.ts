// @vitest-environment jsdom
import { expect, it, vi } from 'vitest';
import { showCalls } from './called';

it('the icon has a dot as long as something calls, and an installed app the number', () => {
  const link = document.createElement('link');
  Object.assign(link, { rel: 'icon', href: '/favicon.svg' });
  document.head.replaceChildren(link);
  const icon = (): string | null | undefined => document.querySelector('link[rel=icon]')?.getAttribute('href');
  const app = { setAppBadge: vi.fn(() => Promise.reject(new Error('forbidden'))), clearAppBadge: vi.fn() };
  vi.stubGlobal('navigator', app);
  showCalls(0);
  expect(icon()).toBe('/favicon.svg');
  for (const count of [1, 2, 2]) showCalls(count);
  expect(icon()).toMatch(/called\.svg$/);
  expect(app.setAppBadge.mock.calls).toEqual([[1], [2]]);
  showCalls(0);
  expect(icon()).toBe('/favicon.svg');
  expect(app.clearAppBadge).toHaveBeenCalledOnce();
  // Where there is no such thing, the icon is enough.
  vi.stubGlobal('navigator', {});
  showCalls(3);
  expect(icon()).toMatch(/called\.svg$/);
});
