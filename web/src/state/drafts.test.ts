import { describe, expect, it } from 'vitest';
import { memoryStore } from './test-store';
import { DraftFile, Drafts } from './drafts.svelte';

describe('drafts', () => {
  it('are kept per channel and account', () => {
    const store = memoryStore();
    const ada = new Drafts(store, 'ada');
    ada.write(7, 'half a thought');
    expect(new Drafts(store, 'ada').of(7).text).toBe('half a thought');
    expect(new Drafts(store, 'ada').of(8).text).toBe('');
    expect(new Drafts(store, 'grace').of(7).text).toBe('');
  });

  it('keep what they quote, in every tab of the browser, until it is sent', () => {
    const store = memoryStore();
    const [one, two] = [new Drafts(store, 'ada'), new Drafts(store, 'ada')];
    one.setQuote(7, 5);
    expect(two.of(7).quote).toBe(5);
    one.setQuote(7, 6);
    expect(two.syncFromStore(7)).toBe(true);
    expect(two.of(7).quote).toBe(6);
    expect(new Drafts(store, 'grace').of(7).quote).toBeNull();
    // Another message was chosen meanwhile: it stays.
    one.removeSent(7, '', [], 5);
    expect(one.of(7).quote).toBe(6);
    one.removeSent(7, '', [], 6);
    expect(store.kept.size).toBe(0);
    one.restore(7, 'back', [], 6);
    expect([one.of(7).quote, one.of(7).text]).toEqual([6, 'back']);
    one.wipe();
    expect(store.kept.size).toBe(0);
  });

  it('leave nothing behind when they are sent', () => {
    const store = memoryStore();
    const drafts = new Drafts(store, 'ada');
    drafts.write(7, 'going');
    drafts.of(7).files = [new DraftFile('a', new File(['x'], 'x.txt'))];
    expect(drafts.has(7)).toBe(true);
    drafts.removeSent(7, 'going', drafts.of(7).files);
    expect(drafts.has(7)).toBe(false);
    expect(drafts.of(7).files).toEqual([]);
    expect(store.kept.size).toBe(0);
  });

  it('are no drafts when they are white space', () => {
    const drafts = new Drafts(memoryStore(), 'ada');
    drafts.write(7, ' \n ');
    expect(drafts.has(7)).toBe(false);
    expect(drafts.of(7).text).toBe(' \n ');
  });

  it('live without a store, and with one that refuses', () => {
    const refuse = (): never => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    for (const store of [null, { length: 0, key: refuse, getItem: refuse, setItem: refuse, removeItem: refuse }]) {
      const drafts = new Drafts(store, 'ada');
      drafts.write(7, 'still here');
      expect(drafts.of(7).text).toBe('still here');
      drafts.removeSent(7, 'still here', []);
      expect(drafts.of(7).text).toBe('');
    }
  });

  it('keep what was written and added while the rest was sent', () => {
    const store = memoryStore();
    const drafts = new Drafts(store, 'ada');
    const [sent, added] = [new DraftFile('a', new File(['x'], 'x.txt')), new DraftFile('b', new File(['y'], 'y.txt'))];
    drafts.write(7, 'going and more');
    drafts.of(7).files = [sent, added];
    drafts.removeSent(7, 'going', [sent]);
    expect(drafts.of(7)).toMatchObject({ text: ' and more', files: [added] });
    drafts.write(7, 'all new');
    drafts.removeSent(7, 'going', []);
    expect(drafts.of(7).text).toBe('all new');
  });

  it('get back what was taken from its way, before what is there', () => {
    const drafts = new Drafts(memoryStore(), 'ada');
    drafts.write(7, 'being written');
    drafts.restore(7, 'refused', []);
    expect(drafts.of(7).text).toBe('refused\nbeing written');
    drafts.restore(8, 'refused', []);
    expect(drafts.of(8).text).toBe('refused');
  });

  it('are held back by a file that was refused', () => {
    const draft = new Drafts(null, 'ada').of(7);
    const file = new DraftFile('a', new File(['x'], 'x.txt'));
    draft.files = [file];
    expect(draft.failed).toBe(false);
    file.state = 'failed';
    expect(draft.failed).toBe(true);
  });

  it('are one for all tabs: what another wrote or sent is taken over', () => {
    const store = memoryStore();
    const [one, two] = [new Drafts(store, 'ada'), new Drafts(store, 'ada')];
    one.write(7, 'by one');
    expect(two.of(7).text).toBe('by one');
    two.write(7, 'by one and two');
    expect(one.syncFromStore(7)).toBe(true);
    expect(one.of(7).text).toBe('by one and two');
    one.removeSent(7, 'by one and two', []);
    expect(two.syncFromStore(7)).toBe(true);
    expect(two.has(7)).toBe(false);
    expect(two.syncFromStore(7)).toBe(false);
  });

  it('of another tab stay when one is sent', () => {
    const store = memoryStore();
    const [one, two] = [new Drafts(store, 'ada'), new Drafts(store, 'ada')];
    one.write(7, 'going');
    two.syncFromStore(7);
    two.write(7, 'something else');
    one.removeSent(7, 'going', []);
    expect(store.kept.get('chinwag.draft.ada.7')).toBe('something else');
    expect(one.of(7).text).toBe('something else');
    two.write(7, 'going and more');
    one.syncFromStore(7);
    one.removeSent(7, 'going', []);
    expect(store.kept.get('chinwag.draft.ada.7')).toBe(' and more');
  });

  it('stay in a tab whose store takes nothing more', () => {
    const store = memoryStore();
    const drafts = new Drafts(store, 'ada');
    drafts.write(7, 'a');
    store.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    drafts.write(7, 'a and b');
    expect(drafts.syncFromStore(7)).toBe(false);
    expect(drafts.of(7).text).toBe('a and b');
  });

  it('are counted and wiped, those of channels that nobody looked at too, and nobody else’s', () => {
    const store = memoryStore();
    new Drafts(store, 'ada').write(7, 'seven');
    new Drafts(store, 'grace').write(7, 'of another');
    const drafts = new Drafts(store, 'ada');
    drafts.write(8, 'eight');
    drafts.write(9, ' ');
    expect(drafts.places.length).toBe(2);
    drafts.wipe();
    expect(drafts.places.length).toBe(0);
    expect(drafts.of(7).text).toBe('');
    expect([...store.kept.keys()]).toEqual(['chinwag.draft.grace.7']);
  });
});
