/**
 * The script of the first run. Enter goes on to the next question and, at the last one, opens the place; without script it
 * does nothing. An error goes when its field changes.
 */
const form = document.querySelector('form');

form?.addEventListener('keydown', (event) => {
  const { target } = event;
  // An input method that composes has the key for itself.
  const isKey = event.key === 'Enter' && !event.isComposing && event.keyCode !== 229;
  if (!isKey || !(target instanceof HTMLInputElement)) return;
  event.preventDefault();
  target.closest('section')?.querySelector<HTMLElement>('.btn-primary')?.click();
});

form?.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  target.removeAttribute('aria-invalid');
  target.parentElement?.querySelector('.error')?.remove();
});

/** Where one writes in the step that the address names now. */
addEventListener('hashchange', () => {
  const step = document.querySelector('section:target');
  const field = step?.querySelector<HTMLElement>('[aria-invalid], input:checked') ?? step?.querySelector('input');
  field?.focus();
});

// The step with the error stays when the error goes.
const wrong = document.querySelector('section:has(.error)');
if (wrong !== null) location.replace(`#${wrong.id}`);
