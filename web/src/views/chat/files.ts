/** How files are shown: what they are called for short, and how large a picture is in the list. */

/** The longest side of a picture in the list. */
const SIDE_PX = 320;
/** Below this a picture could not be hit. */
const LEAST_PX = 48;
const LABEL = 4;

export interface FileLook {
  readonly label: string;
  readonly look: 'doc' | 'pdf' | 'img';
}

/** `XLSX` for `glossary.xlsx`; a name without an ending is a file. */
export function extensionOf(name: string): FileLook {
  const ending = /\.([\p{L}\p{N}]{1,8})$/u.exec(name)?.[1]?.toUpperCase() ?? 'FILE';
  const look = ending === 'PDF' ? 'pdf' : /^(PNG|JPE?G|GIF|WEBP|AVIF|SVG|HEIC|BMP)$/.test(ending) ? 'img' : 'doc';
  return { label: ending.slice(0, LABEL), look };
}

/** The size of a picture in the list: its own shape in at most 320 × 320, never blown up. */
export function fit(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, SIDE_PX / Math.max(width, height, 1));
  return {
    width: Math.max(LEAST_PX, Math.round(width * scale)),
    height: Math.max(LEAST_PX, Math.round(height * scale)),
  };
}
