/**
 * What is looked for in a page, and the functions that look for it there. They run in the page, beside
 * `TestingLibraryDom`, which knows roles and accessible names the same way in every engine.
 */

/** Something on a page, named as its reader would name it. */
export interface Target {
  readonly role?: string;
  /** The accessible name: a string is the whole of it. */
  readonly name?: string | RegExp;
  /** A CSS selector, where a role does not tell one from another. */
  readonly css?: string;
  /** A text that stands in it. */
  readonly has?: string;
  /** What it stands in. */
  readonly inside?: Target;
}

/** A target as it travels into the page. */
export interface Wanted {
  readonly role?: string;
  readonly name?: string;
  readonly pattern?: readonly [source: string, flags: string];
  readonly css?: string;
  readonly has?: string;
  readonly inside?: Wanted;
}

/** What one look at a target found. */
export interface Look {
  /** How many fit and are shown. */
  readonly count: number;
  /** Of the first that fits: its text, its attributes, its value, and whether it has the focus. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: string;
  readonly focused: boolean;
  /** Where it is in the view, in CSS pixels. */
  readonly top: number;
  readonly bottom: number;
  readonly middle: readonly [x: number, y: number];
  /** Whether all of it is in the view and in whatever scrolls around it. */
  readonly inView: boolean;
  /** Whether a click in its middle meets it, and not something that lies over it. */
  readonly onTop: boolean;
}

export function wanted({ name, inside, ...rest }: Target): Wanted {
  return {
    ...rest,
    ...(typeof name === 'string' ? { name } : {}),
    ...(name instanceof RegExp ? { pattern: [name.source, name.flags] as const } : {}),
    ...(inside === undefined ? {} : { inside: wanted(inside) }),
  };
}

interface Library {
  queryAllByRole(scope: HTMLElement, role: string, how: { name?: string | RegExp }): HTMLElement[];
}

/** In the page: looks at a target. `undefined` where the library is not there yet; `reach` scrolls it into view. */
export function lookAt(target: Wanted, reach: boolean): Look | undefined {
  const library = (globalThis as unknown as { TestingLibraryDom?: Library }).TestingLibraryDom;
  if (library === undefined) return undefined;
  const found = (of: Wanted): HTMLElement[] => {
    const scopes = of.inside === undefined ? [document.body] : found(of.inside);
    const name = of.pattern === undefined ? of.name : new RegExp(...of.pattern);
    const all = scopes.flatMap((scope) =>
      of.role === undefined
        ? [...scope.querySelectorAll<HTMLElement>(of.css ?? '*')].filter((one) => one.checkVisibility())
        : library
            .queryAllByRole(scope, of.role, name === undefined ? {} : { name })
            .filter((one) => of.css === undefined || one.matches(of.css)),
    );
    const { has } = of;
    return has === undefined ? all : all.filter((one) => one.innerText.includes(has));
  };
  const all = found(target);
  const [first] = all;
  const nothing = { text: '', attributes: {}, value: '', focused: false, top: 0, bottom: 0 };
  if (first === undefined) return { ...nothing, count: 0, middle: [0, 0], inView: false, onTop: false };
  const edges = (): { top: number; bottom: number; left: number; right: number } => {
    const view = { top: 0, left: 0, bottom: innerHeight, right: innerWidth };
    for (let box = first.parentElement; box !== null; box = box.parentElement) {
      if (!/auto|scroll|hidden/.test(getComputedStyle(box).overflowY)) continue;
      const { top, bottom } = box.getBoundingClientRect();
      view.top = Math.max(view.top, top);
      view.bottom = Math.min(view.bottom, bottom);
    }
    return view;
  };
  const inView = (): boolean => {
    const box = first.getBoundingClientRect();
    const view = edges();
    return box.top >= view.top - 1 && box.bottom <= view.bottom + 1 && box.left >= -1 && box.right <= view.right + 1;
  };
  if (reach && !inView()) first.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = first.getBoundingClientRect();
  const middle = [box.left + box.width / 2, box.top + box.height / 2] as const;
  const met = document.elementFromPoint(...middle);
  const field = first as HTMLElement & { value?: unknown };
  return {
    count: all.length,
    text: first.innerText,
    attributes: Object.fromEntries([...first.attributes].map((one) => [one.name, one.value])),
    value: typeof field.value === 'string' ? field.value : '',
    focused: document.activeElement === first,
    top: box.top,
    bottom: box.bottom,
    middle,
    inView: inView(),
    onTop: met !== null && (first.contains(met) || (met.closest('label')?.contains(first) ?? false)),
  };
}

/** In the page: keeps what goes wrong from now on, for {@link complaintsOf}. */
export function listenForTrouble(): void {
  const page = globalThis as unknown as { troubles?: string[] };
  if (page.troubles !== undefined) return;
  const troubles: string[] = (page.troubles = []);
  addEventListener('error', ({ message }) => {
    // What is measured changed once more within a frame and is measured again in the next: nothing is lost by it.
    if (!/^ResizeObserver loop/.test(message)) troubles.push(`uncaught: ${message}`);
  });
  addEventListener('unhandledrejection', (event) => troubles.push(`rejected: ${String(event.reason)}`));
  document.addEventListener('securitypolicyviolation', (event) => {
    troubles.push(`policy: ${event.effectiveDirective} ${event.blockedURI}`);
  });
}

/** In the page: what went wrong since {@link listenForTrouble}. */
export function complaintsOf(): string[] {
  return (globalThis as unknown as { troubles?: string[] }).troubles ?? [];
}
