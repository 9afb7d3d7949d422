import { describe, expect, it } from 'vitest';
import { asksAboutEnter, marksUp, sends, type Key } from './composer-keys';

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

describe('which key may have been meant to send', () => {
  const written = { ...SHIFT, text: 'hello' };

  it('is Enter alone, behind a text', () => {
    expect(asksAboutEnter(key(), written)).toBe(true);
    expect(asksAboutEnter(key(), { ...written, text: ' \n' })).toBe(false);
    expect(asksAboutEnter(key({ shiftKey: true }), written)).toBe(false);
    expect(asksAboutEnter(key({ key: 'a' }), written)).toBe(false);
  });

  it('is none that sends already, on touch, or while an input method is composing', () => {
    expect(asksAboutEnter(key(), { ...written, enterSends: true })).toBe(false);
    expect(asksAboutEnter(key(), { ...written, touch: true })).toBe(false);
    expect(asksAboutEnter(key({ isComposing: true }), written)).toBe(false);
    expect(asksAboutEnter(key({ keyCode: 229 }), written)).toBe(false);
  });
});

describe('which key marks words up', () => {
  it('is B or I with Ctrl or Cmd, and with nothing else', () => {
    expect(marksUp(key({ key: 'b', ctrlKey: true }))).toBe('bold');
    expect(marksUp(key({ key: 'I', metaKey: true }))).toBe('italic');
    for (const change of [{}, { ctrlKey: true, shiftKey: true }, { ctrlKey: true, altKey: true }])
      expect(marksUp(key({ key: 'b', ...change }))).toBeUndefined();
    expect(marksUp(key({ key: 'b', ctrlKey: true, isComposing: true }))).toBeUndefined();
    expect(marksUp(key({ key: 'c', ctrlKey: true }))).toBeUndefined();
  });
});
