import { describe, expect, it } from 'vitest';
import { fit, lookOf, movesWhenOpened, previewOf } from './files';

const picture = {
  name: 'a.jpg',
  type: 'image/jpeg',
  size: 50_000,
  width: 800 as number | null,
  height: 600 as number | null,
  moving: false,
  thumbnail: true,
};

describe('a file', () => {
  it('is called what its bytes are, where the server knows them', () => {
    expect(lookOf(picture).label).toBe('JPG');
    expect(lookOf({ ...picture, type: 'image/heic', width: null, height: null })).toEqual({
      label: 'HEIC',
      look: 'img',
    });
    expect(lookOf({ ...picture, type: 'image/png', width: null, height: null }).label).toBe('JPG');
    expect(lookOf({ ...picture, name: 'a.xlsx', type: 'application/pdf' }).label).toBe('XLSX');
  });

  it('stands in the list as a picture when it is no burden', () => {
    expect(previewOf(picture)).toBe('thumbnail');
    const plain = { ...picture, thumbnail: false };
    expect(previewOf(plain)).toBe('original');
    expect(previewOf({ ...plain, type: 'image/avif' })).toBe('original');
    expect(previewOf({ ...plain, width: 9_000, height: 7_000 })).toBeNull();
    expect(previewOf({ ...plain, size: 9_000_000 })).toBeNull();
    expect(previewOf({ ...plain, width: null })).toBeNull();
    expect(previewOf({ ...plain, type: 'text/plain' })).toBeNull();
  });

  it('says that it moves when it stands still', () => {
    expect(movesWhenOpened(picture)).toBe(false);
    expect(movesWhenOpened({ ...picture, type: 'image/webp', moving: true })).toBe(true);
    expect(movesWhenOpened({ ...picture, type: 'image/gif' })).toBe(true);
    expect(movesWhenOpened({ ...picture, moving: true, thumbnail: false })).toBe(false);
  });

  it('has room that can be hit, whatever its shape', () => {
    expect(fit(600, 400)).toEqual({ width: 320, height: 213, across: 100, down: 100 });
    expect(fit(1000, 10)).toEqual({ width: 320, height: 48, across: 100, down: 6.25 });
    expect(fit(10, 4000)).toMatchObject({ width: 48, height: 320, down: 100 });
    expect(fit(1, 1)).toMatchObject({ width: 48, height: 48 });
  });
});
