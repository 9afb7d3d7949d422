/** A menu that opens beside the button that was pressed. */
import { tick } from 'svelte';

/** Puts a menu beside its button, above it where there is no room below, and goes to its first item. */
export async function openBeside(menu: HTMLElement, button: HTMLElement): Promise<void> {
  const { top, bottom, right } = button.getBoundingClientRect();
  const room = innerHeight - bottom > menu.offsetHeight;
  menu.style.insetBlockStart = `${room ? bottom : Math.max(0, top - menu.offsetHeight)}px`;
  menu.style.insetInlineEnd = `${innerWidth - right}px`;
  await tick();
  menu.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
}
