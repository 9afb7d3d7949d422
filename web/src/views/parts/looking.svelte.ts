/** Whether somebody looks at this window: it is visible and has the focus. Only then is anything read. */
import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const ended = new AbortController();
  const { signal } = ended;
  for (const sign of ['focus', 'blur', 'pageshow']) addEventListener(sign, update, { signal });
  document.addEventListener('visibilitychange', update, { signal });
  return () => ended.abort();
});

/** Reactive where it is read in a view. */
export function isLookedAt(): boolean {
  subscribe();
  return !document.hidden && document.hasFocus();
}
