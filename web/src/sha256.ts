/** SHA-256 of a short text. The browser's own is missing on pages without HTTPS, where classrooms run this. */
import { sha256 as digest } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** The digest of the text's UTF-8 in lower-case hexadecimal. */
export function sha256(text: string): string {
  return bytesToHex(digest(new TextEncoder().encode(text)));
}
