/**
 * What the web app's modules find around them, for many clients in one process: each call reaches the line of the client that
 * it was made for. What is asynchronous keeps its client (`AsyncLocalStorage`).
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** The address under which a client reaches the server. */
export const line = new AsyncLocalStorage<{ readonly origin: string; readonly reload: () => void }>();

export const origin = (): string => here().origin;

function here(): { readonly origin: string; readonly reload: () => void } {
  const found = line.getStore();
  if (found === undefined) throw new Error('something that belongs to no client');
  return found;
}

/** Puts what a browser has into the global scope. */
export function furnish(): void {
  const real = globalThis.fetch;
  const fetch = (path: string, init?: RequestInit): Promise<Response> => real(origin() + path, init);
  const { prototype } = EventTarget;
  const target = new EventTarget();
  Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true });
  Object.assign(globalThis, {
    fetch,
    window: globalThis,
    document: Object.assign(new EventTarget(), { hidden: false, cookie: '' }),
    history: { pushState: () => undefined, replaceState: () => undefined },
    location: {
      pathname: '/channels',
      search: '',
      origin: 'http://chinwag.test',
      reload: () => here().reload(),
    },
    addEventListener: prototype.addEventListener.bind(target),
    removeEventListener: prototype.removeEventListener.bind(target),
  });
}
