import { describe, expect, it } from 'vitest';
import { orientationOf } from './exif';
import { cleaned } from './metadata';

const bytes = (...parts: (string | readonly number[])[]): number[] =>
  parts.flatMap((part) => (typeof part === 'string' ? [...part].map((letter) => letter.charCodeAt(0)) : [...part]));

const from64 = (text: string): number[] => bytes(atob(text));

/** A real JPEG of 1 × 1 pixel, grey. */
const JPEG = from64(
  '/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4z' +
    'NDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJx' +
    'FDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZ' +
    'mqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z',
);
/** A real PNG of 1 × 1 pixel. */
const PNG = from64('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==');
/** A real WebP of 1 × 1 pixel. */
const WEBP = from64('UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA');

/** Exif as a phone writes it: little-endian, with a place, and an orientation. */
const exif = (orientation: number): number[] =>
  bytes(
    'II',
    [42, 0, 8, 0, 0, 0, 2, 0],
    [0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
    [0x25, 0x88, 4, 0],
    'GPS place here',
  );

const segment = (mark: number, body: readonly number[]): number[] => {
  const length = body.length + 2;
  return [0xff, mark, length >> 8, length & 0xff, ...body];
};
const jpegWith = (...segments: number[][]): number[] => [...JPEG.slice(0, 2), ...segments.flat(), ...JPEG.slice(2)];

const chunk = (kind: string, body: readonly number[]): number[] =>
  bytes([0, 0, body.length >> 8, body.length & 0xff], kind, body, [1, 2, 3, 4]);
const pngWith = (...chunks: number[][]): number[] => [...PNG.slice(0, 33), ...chunks.flat(), ...PNG.slice(33)];

const riffChunk = (kind: string, body: readonly number[]): number[] =>
  bytes(kind, [body.length & 0xff, body.length >> 8, 0, 0], body, body.length % 2 === 1 ? [0] : []);
const webpWith = (flags: number, ...chunks: number[][]): number[] => {
  const body = bytes('WEBP', riffChunk('VP8X', [flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]), WEBP.slice(12), ...chunks);
  return bytes('RIFF', [body.length & 0xff, body.length >> 8, 0, 0], body);
};

async function clean(content: readonly number[]): Promise<number[] | null> {
  const file = await cleaned(new File([new Uint8Array(content)], 'a.jpg', { type: 'image/jpeg', lastModified: 7 }));
  if (file === null) return null;
  expect(file).toMatchObject({ name: 'a.jpg', type: 'image/jpeg', lastModified: 7 });
  return [...new Uint8Array(await file.arrayBuffer())];
}

const text = (content: readonly number[] | null): string => String.fromCharCode(...(content ?? []));

describe('metadata', () => {
  it('leaves a JPEG, and nothing that was said of it', async () => {
    const spoken = jpegWith(
      segment(0xe1, bytes('Exif\0\0', exif(1))),
      segment(0xe1, bytes('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>')),
      segment(0xed, bytes('Photoshop 3.0\0by Ada')),
      segment(0xfe, bytes('a comment')),
    );
    expect(await clean(spoken)).toEqual(JPEG);
    // A phone puts a film or a second picture, with a place of its own, behind the end.
    expect(await clean([...JPEG, ...bytes('MotionPhoto GPS')])).toEqual(JPEG);
  });

  it('leaves which way up a JPEG is, and its colours', async () => {
    const profile = segment(0xe2, bytes('ICC_PROFILE\0', [1, 1], 'Display P3'));
    const index = segment(0xe2, bytes('MPF\0 other pictures'));
    const adobe = segment(0xee, bytes('Adobe', [0, 100, 0, 0, 0, 0, 0]));
    const left = await clean(jpegWith(segment(0xe1, bytes('Exif\0\0', exif(6))), profile, index, adobe));
    expect(text(left)).toContain('Display P3');
    expect(text(left)).toContain('Adobe');
    expect(text(left)).not.toMatch(/GPS|MPF/);
    const at = text(left).indexOf('Exif\0\0');
    expect(orientationOf(new Uint8Array(left?.slice(at + 6) ?? []))).toBe(6);
    expect(left?.slice(-JPEG.length + 20)).toEqual(JPEG.slice(20));
  });

  it('leaves a PNG, which way up it is and its colours', async () => {
    const said = [chunk('tEXt', bytes('Author\0Ada')), chunk('iTXt', bytes('XML:com.adobe.xmp')), chunk('tIME', [1])];
    expect(await clean(pngWith(...said))).toEqual(PNG);
    expect(await clean([...PNG, ...bytes('and more')])).toEqual(PNG);
    const left = await clean(pngWith(chunk('iCCP', bytes('P3\0\0')), chunk('eXIf', exif(8))));
    expect(text(left)).toContain('iCCP');
    expect(text(left)).not.toContain('GPS');
    const at = text(left).indexOf('eXIf');
    expect(orientationOf(new Uint8Array(left?.slice(at + 4) ?? []))).toBe(8);
  });

  it('leaves a WebP, which way up it is and its colours', async () => {
    const left = await clean(
      webpWith(0x2c, riffChunk('ICCP', bytes('P3')), riffChunk('EXIF', exif(3)), riffChunk('XMP ', bytes('<x/>'))),
    );
    expect(text(left)).toContain('ICCP');
    expect(text(left)).not.toMatch(/GPS|XMP/);
    const at = text(left).indexOf('EXIF');
    expect(orientationOf(new Uint8Array(left?.slice(at + 8) ?? []))).toBe(3);
    expect(left?.[20]).toBe(0x28);
    expect(left?.slice(4, 8)).toEqual([(left?.length ?? 0) - 8, 0, 0, 0]);
    expect(await clean(webpWith(0x0c, riffChunk('EXIF', exif(1))))).toEqual(webpWith(0));
  });

  it('has nothing to do with what has none, is another kind of file, or is broken', async () => {
    const broken = jpegWith(segment(0xe1, bytes('Exif\0\0', exif(6)))).slice(0, 30);
    const others = [
      JPEG,
      PNG,
      WEBP,
      bytes('GIF89a'),
      bytes('plain text'),
      [],
      broken,
      PNG.slice(0, 40),
      bytes('RIFF1234WEBP'),
    ];
    for (const content of others) expect(await clean(content), text(content)).toBeNull();
  });
});
