/** Files to attach, made on the spot: nothing binary lives in the repository. */
import { deflateSync } from 'node:zlib';

/** What Playwright's file chooser takes. */
export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** How a PNG begins. */
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

type Colour = readonly [number, number, number];

/** A dusk over the sea, from the top of the picture to its bottom: where each colour stands, from 0 to 1. */
const DUSK: readonly (readonly [number, Colour])[] = [
  [0, [49, 80, 143]],
  [0.4, [138, 127, 181]],
  [0.68, [255, 160, 122]],
  [0.7, [217, 140, 127]],
  [0.8, [93, 106, 163]],
  [1, [29, 53, 103]],
];

/** A PNG picture of the given size: a dusk, so that a thumbnail of it can be told from an empty box. */
export function picture(name: string, width: number, height: number): TestFile {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    const colour = colourAt(y / height);
    // The first byte of a row names its filter: none.
    for (let x = 0; x < width; x += 1) rows.set(colour, y * (width * 3 + 1) + 1 + x * 3);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits per channel, RGB, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  const buffer = Buffer.concat([PNG, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')]);
  return { name, mimeType: 'image/png', buffer };
}

/** A PNG picture of that size through which the background shows, but for a black and a white bar. */
export function transparent(name: string, width: number, height: number): TestFile {
  const rows = Buffer.alloc((width * 2 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const bar = Math.floor((y / height) * 5);
      const at = y * (width * 2 + 1) + 1 + x * 2;
      rows[at] = bar === 1 ? 0 : 255;
      rows[at + 1] = bar === 1 || bar === 3 ? 255 : 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits per channel, grey with transparency.
  header.set([8, 4, 0, 0, 0], 8);
  const buffer = Buffer.concat([PNG, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')]);
  return { name, mimeType: 'image/png', buffer };
}

/** A PNG picture that says where it was taken. */
export function placed(name: string): TestFile {
  const { buffer, mimeType } = picture(name, 300, 200);
  const told = [chunk('tEXt', Buffer.from('Comment\0GPS 22.29 N 114.17 E'))];
  return { name, mimeType, buffer: Buffer.concat([buffer.subarray(0, 33), ...told, buffer.subarray(33)]) };
}

/** A GIF of two frames in 128 colours that follow no rule. */
export function gif(name: string, side: number): TestFile {
  const size = Buffer.from([side & 255, side >> 8, side & 255, side >> 8]);
  let seed = 1;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  const colours = Buffer.from(Array.from({ length: 128 * 3 }, () => next() & 255));
  const frame = (): Buffer => {
    const parts: Buffer[] = [];
    // Codes stay eight bits long when the table is cleared before it is full.
    for (let left = side * side; left > 0; left -= 125) {
      const pixels = Array.from({ length: Math.min(left, 125) }, () => next() & 127);
      parts.push(Buffer.from([pixels.length + 1, 128, ...pixels]));
    }
    const head = [0x21, 0xf9, 4, 0, 20, 0, 0, 0, 0x2c, 0, 0, 0, 0];
    return Buffer.concat([Buffer.from(head), size, Buffer.from([0, 7]), ...parts, Buffer.from([1, 129, 0])]);
  };
  const head = Buffer.concat([Buffer.from('GIF89a'), size, Buffer.from([0xf6, 0, 0]), colours]);
  return { name, mimeType: 'image/gif', buffer: Buffer.concat([head, frame(), frame(), Buffer.from([0x3b])]) };
}

/** A real AVIF of 2 × 2 pixels. */
export function avif(name: string): TestFile {
  const text =
    'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2' +
    'aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAAB0AAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAx' +
    'Q29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAAAIAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQ0MAAAAABNjb2xybmNs' +
    'eAACAAIAAYAAAAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAACVtZGF0EgAKCBgANogQEAwgMg8f8D///8WfhwB8+ErK42A=';
  return { name, mimeType: 'image/avif', buffer: Buffer.from(text, 'base64') };
}

/** The beginning of a photo of an iPhone, under the name of another kind. */
export function heic(name: string): TestFile {
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat', 'latin1') };
}

/** A file of text. */
export function textFile(name: string, text: string): TestFile {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/** A file of a given size, of nothing in particular. */
export function blob(name: string, bytes: number): TestFile {
  return {
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.alloc(bytes, 7),
  };
}

function colourAt(height: number): Colour {
  const next = DUSK.findIndex(([at]) => at >= height);
  const [to, below] = DUSK[Math.max(next, 0)] ?? [1, [0, 0, 0]];
  const [from, above] = DUSK[Math.max(next - 1, 0)] ?? [0, [0, 0, 0]];
  const part = to === from ? 0 : (height - from) / (to - from);
  const mix = (one: number, other: number): number => Math.round(one + (other - one) * part);
  return [mix(above[0], below[0]), mix(above[1], below[1]), mix(above[2], below[2])];
}

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
