import { describe, expect, it } from 'vitest';
import { sends, type Key } from './composer-keys';

const key = (change: Partial<Key> = {}): Key => ({
  key: 'Enter',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 13,
  ...change,
});
const SHIFT = { enterSends: false, touch: false };
const ENTER = { enterSends: true, touch: false };

describe('which key sends', () => {
  it('is Shift+Enter, and Enter is a line', () => {
    expect(sends(key({ shiftKey: true }), SHIFT)).toBe(true);
    expect(sends(key(), SHIFT)).toBe(false);
  });

  it('is Enter when the account says so, and Shift+Enter is a line', () => {
    expect(sends(key(), ENTER)).toBe(true);
    expect(sends(key({ shiftKey: true }), ENTER)).toBe(false);
  });

  it('is never Enter on touch', () => {
    expect(sends(key(), { enterSends: true, touch: true })).toBe(false);
    expect(sends(key(), { enterSends: false, touch: true })).toBe(false);
  });

  it('is none while an input method is composing', () => {
    for (const setting of [SHIFT, ENTER]) {
      for (const shiftKey of [true, false]) {
        expect(sends(key({ shiftKey, isComposing: true }), setting)).toBe(false);
        expect(sends(key({ shiftKey, keyCode: 229 }), setting)).toBe(false);
      }
    }
  });

  it('is none with another modifier, and no other key', () => {
    for (const change of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { key: 'a' }]) {
      expect(sends(key({ shiftKey: true, ...change }), SHIFT)).toBe(false);
      expect(sends(key(change), ENTER)).toBe(false);
    }
  });
});
