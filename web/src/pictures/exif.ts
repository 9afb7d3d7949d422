/** The orientation in an Exif block, which is a small TIFF file. */

const ORIENTATION = 0x0112;
const ENTRY_BYTES = 12;

/** The orientation, from 1 (upright) to 8; 1 when the block does not say. */
export function orientationOf(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  try {
    const little = view.getUint16(0) === 0x4949;
    const first = view.getUint32(4, little);
    const count = view.getUint16(first, little);
    for (let at = first + 2; at < first + 2 + count * ENTRY_BYTES; at += ENTRY_BYTES) {
      if (view.getUint16(at, little) !== ORIENTATION) continue;
      const value = view.getUint16(at + 8, little);
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch {
    // The block ends too early.
  }
  return 1;
}

/** An Exif block with the orientation alone. */
export function blockFor(orientation: number): Uint8Array<ArrayBuffer> {
  // Big-endian, one entry of one short number, no further directory.
  const head = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1];
  const entry = [ORIENTATION >> 8, ORIENTATION & 0xff, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  return new Uint8Array([...head, ...entry, 0, 0, 0, 0]);
}
