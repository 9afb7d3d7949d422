/** JPEG: segments with a mark each, and the pixels between them. Bytes behind its end are removed too. */
import { blockFor, orientationOf } from './exif';

const EXIF = 'Exif\0\0';
const PROFILE = 'ICC_PROFILE\0';

/** The parts that stay; null when all parts stay, or when the file is malformed. */
export function withoutMetadata(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] | null {
  const kept: Uint8Array<ArrayBuffer>[] = [bytes.subarray(0, 2)];
  let orientation = 1;
  let dropped = false;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const mark = bytes[at + 1] ?? 0;
    // Any number of fill bytes may stand before a mark.
    if (mark === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0);
    if (end > bytes.length || end < at + 4) return null;
    const body = bytes.subarray(at + 4, end);
    if (mark === 0xe1 && startsWith(body, EXIF)) orientation = orientationOf(body.subarray(EXIF.length));
    if (stays(mark, body)) kept.push(bytes.subarray(at, end));
    else dropped = true;
    at = end;
    if (mark !== 0xda) continue;
    const pixelsEnd = endOfPixels(bytes, at);
    kept.push(bytes.subarray(at, pixelsEnd));
    at = pixelsEnd;
    if (bytes[at] !== 0xff || bytes[at + 1] !== 0xd9) continue;
    kept.push(bytes.subarray(at, at + 2));
    if (at + 2 < bytes.length) dropped = true;
    break;
  }
  if (!dropped) return null;
  if (orientation !== 1) kept.splice(1, 0, turnedBy(orientation));
  return kept;
}

/** Whether a segment is needed to draw the picture: all are but those of applications, and comments. */
function stays(mark: number, body: Uint8Array): boolean {
  // JFIF, the colour profile (not the index of more pictures, which bears the same mark), and how colours are coded.
  if (mark === 0xe0 || mark === 0xee) return true;
  if (mark === 0xe2) return startsWith(body, PROFILE);
  return !(mark >= 0xe1 && mark <= 0xef) && mark !== 0xfe;
}

/** Where the next mark stands that is not part of the pixels. */
function endOfPixels(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const mark = bytes[at + 1];
    if (mark === undefined) break;
    const isPixels = mark === 0 || mark === 0xff || (mark >= 0xd0 && mark <= 0xd7);
    if (!isPixels) return at;
  }
  return bytes.length;
}

function turnedBy(orientation: number): Uint8Array<ArrayBuffer> {
  const block = blockFor(orientation);
  const mark = [...EXIF].map((letter) => letter.charCodeAt(0));
  const length = 2 + mark.length + block.length;
  return new Uint8Array([0xff, 0xe1, length >> 8, length & 0xff, ...mark, ...block]);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}
