/** PNG: chunks with a length, a kind and a checksum each. Bytes behind its end are removed too. */
import { blockFor, orientationOf } from './exif';

const HEAD_BYTES = 8;
/** The length and the kind before the data, and the checksum behind it. */
const AROUND_BYTES = 12;
const METADATA = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']);

/** The parts that stay; null when all parts stay, or when the file is malformed. */
export function withoutMetadata(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array<ArrayBuffer>[] = [bytes.subarray(0, HEAD_BYTES)];
  let orientation = 1;
  let dropped = false;
  let at = HEAD_BYTES;
  for (let kind = ''; kind !== 'IEND';) {
    if (at + AROUND_BYTES > bytes.length) return null;
    const length = view.getUint32(at);
    const end = at + AROUND_BYTES + length;
    if (end > bytes.length) return null;
    kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === 'eXIf') orientation = orientationOf(bytes.subarray(at + 8, at + 8 + length));
    if (METADATA.has(kind)) dropped = true;
    else kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (!dropped && at === bytes.length) return null;
  // The orientation stands behind the head, which comes first.
  if (orientation !== 1) kept.splice(2, 0, chunk('eXIf', blockFor(orientation)));
  return kept;
}

function chunk(kind: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(AROUND_BYTES + data.length);
  const view = new DataView(made.buffer);
  view.setUint32(0, data.length);
  made.set(
    [...kind].map((letter) => letter.charCodeAt(0)),
    4,
  );
  made.set(data, 8);
  view.setUint32(8 + data.length, crc32(made.subarray(4, 8 + data.length)));
  return made;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
