/** Pointer and keys as WebDriver has them: the classic protocol and BiDi take the same lists. */

/** A list for `performActions`. */
export type Actions = readonly Record<string, unknown>[];

/** Keys that have a name and no character of their own (WebDriver, 17.4.2 "Keyboard actions"). */
const NAMED: Readonly<Record<string, string>> = {
  ArrowDown: '\uE015',
  ArrowUp: '\uE013',
  Backspace: '\uE003',
  Control: '\uE009',
  Enter: '\uE007',
  Escape: '\uE00C',
  Shift: '\uE008',
  Tab: '\uE004',
};

export function hovering(x: number, y: number): Actions {
  return pointer([move(x, y)]);
}

export function clicking(x: number, y: number): Actions {
  return pointer([move(x, y), { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }]);
}

export function wheeling(x: number, y: number, by: number): Actions {
  const turn = { type: 'scroll', x: Math.round(x), y: Math.round(y), deltaX: 0, deltaY: by, duration: 0 };
  return [{ type: 'wheel', id: 'wheel', actions: [turn] }];
}

export function typing(text: string): Actions {
  return keys(
    [...text].flatMap((sign) => [
      { type: 'keyDown', value: sign },
      { type: 'keyUp', value: sign },
    ]),
  );
}

/** `Shift+Enter` holds the first key while it presses the second. */
export function pressing(names: string): Actions {
  const values = names.split('+').map((name) => NAMED[name] ?? name);
  return keys([
    ...values.map((value) => ({ type: 'keyDown', value })),
    ...values.reverse().map((value) => ({ type: 'keyUp', value })),
  ]);
}

function move(x: number, y: number): Record<string, unknown> {
  return { type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0 };
}

function pointer(actions: Actions): Actions {
  return [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }];
}

function keys(actions: Actions): Actions {
  return [{ type: 'key', id: 'keys', actions }];
}
