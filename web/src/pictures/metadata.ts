/**
 * Takes out of a picture what tells of its maker and not of what is to be seen: where and when it was taken, with what,
 * by whom, and what programs wrote into it. The pixels stay, byte for byte; so do the colours (the profile) and which way
 * up it is.
 */
import { withoutMetadata as jpeg } from './jpeg';
import { withoutMetadata as png } from './png';
import { withoutMetadata as webp } from './webp';

/** As much as is looked at to know what a file is. */
const HEAD_BYTES = 12;

/** The same picture without its metadata; null when there is none, or when it is no picture that this can be done to. */
export async function cleaned(file: File): Promise<File | null> {
  const clean = cleanerOf(new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (clean === null) return null;
  const parts = clean(new Uint8Array(await file.arrayBuffer()));
  if (parts === null) return null;
  return new File(parts, file.name, { type: file.type, lastModified: file.lastModified });
}

type Bytes = Uint8Array<ArrayBuffer>;

function cleanerOf(head: Bytes): ((bytes: Bytes) => Bytes[] | null) | null {
  const text = String.fromCharCode(...head);
  if (text.startsWith('\xff\xd8\xff')) return jpeg;
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return png;
  if (text.startsWith('RIFF') && text.endsWith('WEBP')) return webp;
  return null;
}
