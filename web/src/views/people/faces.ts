/**
 * The face beside a message opens the card, as the name does. The name is what the keyboard comes to; the face is decoration, of
 * which a list has hundreds, so one listener stands for all.
 */
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element) || !target.matches('article > .av')) return;
  target.closest('article')?.querySelector<HTMLElement>('button.who')?.click();
});
