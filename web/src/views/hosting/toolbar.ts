/** A toolbar as one stop for Tab: the arrows, Home and End lead through its buttons. An attachment for its element. */
export function toolbar(bar: HTMLElement): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  const buttons = (): HTMLElement[] => [...bar.querySelectorAll<HTMLElement>('button')];
  const settle = (wanted?: Element | null): void => {
    const all = buttons();
    const stop = all.find((button) => button === wanted) ?? all.find((button) => button.tabIndex === 0) ?? all[0];
    for (const button of all) button.tabIndex = button === stop ? 0 : -1;
  };
  // Buttons come and go with what they are for.
  const watcher = new MutationObserver(() => settle());
  watcher.observe(bar, { childList: true, subtree: true });
  bar.addEventListener('focusin', ({ target }) => settle(target as Element), { signal });
  bar.addEventListener(
    'keydown',
    (event) => {
      const all = buttons();
      const at = all.indexOf(document.activeElement as HTMLElement);
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (at < 0 || next === undefined) return;
      event.preventDefault();
      all.at(next % all.length)?.focus();
    },
    { signal },
  );
  settle();
  return () => {
    watcher.disconnect();
    ended.abort();
  };
}
