/**
 * Removes the metadata of a picture that tells about its maker: where and when it was taken, with what,
 * by whom, and what programs wrote into it. The pixels stay byte for byte, and so do the colour profile and the
 * orientation.
 */
import { withoutMetadata as jpeg } from './jpeg';
import { withoutMetadata as png } from './png';
import { withoutMetadata as webp } from './webp';

/** How many bytes show what a file is. */
const HEAD_BYTES = 12;

/** The same picture without its metadata; null when it has none, or when the file is of another kind. */
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
