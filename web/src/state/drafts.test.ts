import { describe, expect, it } from 'vitest';
import { DraftFile, Drafts, type Store } from './drafts.svelte';

function memory(): Store & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

describe('drafts', () => {
  it('are kept per channel and account', () => {
    const store = memory();
    const ada = new Drafts(store, 1);
    ada.write(7, 'half a thought');
    expect(new Drafts(store, 1).of(7).text).toBe('half a thought');
    expect(new Drafts(store, 1).of(8).text).toBe('');
    expect(new Drafts(store, 2).of(7).text).toBe('');
  });

  it('leave nothing behind when they are sent', () => {
    const store = memory();
    const drafts = new Drafts(store, 1);
    drafts.write(7, 'going');
    drafts.of(7).files = [new DraftFile('a', new File(['x'], 'x.txt'))];
    expect(drafts.has(7)).toBe(true);
    drafts.sent(7, 'going', drafts.of(7).files);
    expect(drafts.has(7)).toBe(false);
    expect(drafts.of(7).files).toEqual([]);
    expect(store.kept.size).toBe(0);
  });

  it('are no drafts when they are white space', () => {
    const drafts = new Drafts(memory(), 1);
    drafts.write(7, ' \n ');
    expect(drafts.has(7)).toBe(false);
    expect(drafts.of(7).text).toBe(' \n ');
  });

  it('live without a store, and with one that refuses', () => {
    const refuse = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    for (const store of [null, { getItem: refuse, setItem: refuse, removeItem: refuse }]) {
      const drafts = new Drafts(store, 1);
      drafts.write(7, 'still here');
      expect(drafts.of(7).text).toBe('still here');
      drafts.sent(7, 'still here', []);
      expect(drafts.of(7).text).toBe('');
    }
  });

  it('keep what was written and added while the rest was sent', () => {
    const store = memory();
    const drafts = new Drafts(store, 1);
    const [sent, added] = [new DraftFile('a', new File(['x'], 'x.txt')), new DraftFile('b', new File(['y'], 'y.txt'))];
    drafts.write(7, 'going and more');
    drafts.of(7).files = [sent, added];
    drafts.sent(7, 'going', [sent]);
    expect(drafts.of(7)).toMatchObject({ text: ' and more', files: [added] });
    drafts.write(7, 'all new');
    drafts.sent(7, 'going', []);
    expect(drafts.of(7).text).toBe('all new');
  });

  it('get back what was taken from its way, before what is there', () => {
    const drafts = new Drafts(memory(), 1);
    drafts.write(7, 'being written');
    drafts.back(7, 'refused', []);
    expect(drafts.of(7).text).toBe('refused\nbeing written');
    drafts.back(8, 'refused', []);
    expect(drafts.of(8).text).toBe('refused');
  });

  it('are held back by a file that was refused', () => {
    const draft = new Drafts(null, 1).of(7);
    const file = new DraftFile('a', new File(['x'], 'x.txt'));
    draft.files = [file];
    expect(draft.failed).toBe(false);
    file.state = 'failed';
    expect(draft.failed).toBe(true);
  });
});
