/** WebP: chunks in a RIFF file. One that has metadata says so in a head of its own. */
import { blockFor, orientationOf } from './exif';

const HEAD_BYTES = 12;
const AROUND_BYTES = 8;
/** The chunks that a picture needs. */
const PARTS = new Set(['VP8X', 'ICCP', 'ANIM', 'ANMF', 'ALPH', 'VP8 ', 'VP8L']);
/** Flags in the head: the file has Exif, or XMP. */
const HAS_EXIF = 0x08;
const HAS_XMP = 0x04;

/** The parts that stay; null when all parts stay, or when the file is malformed. */
export function withoutMetadata(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let orientation = 1;
  let at = HEAD_BYTES;
  const riffEnd = Math.min(bytes.length, AROUND_BYTES + view.getUint32(4, true));
  while (at + AROUND_BYTES <= riffEnd) {
    const kind = String.fromCharCode(...bytes.subarray(at, at + 4));
    const length = view.getUint32(at + 4, true);
    // Chunks begin at even places.
    const end = Math.min(at + AROUND_BYTES + length + (length % 2), bytes.length);
    if (at + AROUND_BYTES + length > bytes.length) return null;
    if (kind === 'EXIF') orientation = orientationIn(bytes.subarray(at + AROUND_BYTES, at + AROUND_BYTES + length));
    if (PARTS.has(kind)) kept.push(bytes.slice(at, end));
    at = end;
  }
  const keptBytes = kept.reduce((sum, part) => sum + part.length, HEAD_BYTES);
  if (keptBytes === bytes.length || kept.length === 0) return null;
  const head = kept[0];
  if (head?.[0] === 0x56 && head[3] === 0x58) {
    head[AROUND_BYTES] = ((head[AROUND_BYTES] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (orientation === 1 ? 0 : HAS_EXIF);
    if (orientation !== 1) kept.push(exifChunk(orientation));
  }
  const riff = bytes.slice(0, HEAD_BYTES);
  const total = kept.reduce((sum, part) => sum + part.length, HEAD_BYTES);
  new DataView(riff.buffer).setUint32(4, total - AROUND_BYTES, true);
  return [riff, ...kept];
}

/** Some programs put the mark of JPEG before the block. */
function orientationIn(chunk: Uint8Array): number {
  const marked = String.fromCharCode(...chunk.subarray(0, 4)) === 'Exif';
  return orientationOf(marked ? chunk.subarray(6) : chunk);
}

function exifChunk(orientation: number): Uint8Array<ArrayBuffer> {
  const block = blockFor(orientation);
  const kind = [...'EXIF'].map((letter) => letter.charCodeAt(0));
  return new Uint8Array([...kind, block.length, 0, 0, 0, ...block]);
}
