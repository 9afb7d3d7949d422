/** How files are shown: what they are called for short, and how large a picture is in the list. */
import type { Attachment } from '../../wire';

/** The longest side of a picture in the list. */
const SIDE_PX = 320;
/** Below this a picture could not be hit. */
const LEAST_PX = 48;
const LABEL = 4;
/** A picture without a thumbnail stands in the list itself when it is no burden: so many bytes and pixels at most. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_PIXELS = 16_000_000;
/** Pictures that browsers show, by media type. */
const SHOWN = new Set(['image/png', 'image/apng', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);
/** What the server recognised by the bytes is called so, whatever the name says. */
const CALLED: Readonly<Record<string, string>> = {
  'image/png': 'PNG',
  'image/apng': 'PNG',
  'image/jpeg': 'JPG',
  'image/gif': 'GIF',
  'image/webp': 'WEBP',
  'image/avif': 'AVIF',
  'image/heic': 'HEIC',
  'image/heif': 'HEIC',
};

export interface FileLook {
  readonly label: string;
  readonly look: 'doc' | 'pdf' | 'img';
}

type Kind = Pick<Attachment, 'name' | 'type' | 'size' | 'width' | 'height' | 'moving' | 'thumbnail'>;

/** `XLSX` for `glossary.xlsx`; a name without an ending is a file. */
export function extensionOf(name: string): FileLook {
  const ending = /\.([\p{L}\p{N}]{1,8})$/u.exec(name)?.[1]?.toUpperCase() ?? 'FILE';
  const look = ending === 'PDF' ? 'pdf' : /^(PNG|JPE?G|GIF|WEBP|AVIF|SVG|HEIC|BMP)$/.test(ending) ? 'img' : 'doc';
  return { label: ending.slice(0, LABEL), look };
}

/** A stored file: a picture is called what it is, and not what its name says. */
export function lookOf(file: Kind): FileLook {
  const called = isPicture(file) || isHeic(file) ? CALLED[file.type] : undefined;
  return called === undefined ? extensionOf(file.name) : { label: called, look: 'img' };
}

/** Whether browsers show it. */
export function isPicture({ type, width, height }: Kind): boolean {
  return width !== null && height !== null && SHOWN.has(type);
}

/** A photo of an iPhone, as most browsers do not show it. */
export function isHeic({ type }: Kind): boolean {
  return type === 'image/heic' || type === 'image/heif';
}

/** What stands in the list for a picture; null is a card. */
export function previewOf(file: Kind): 'thumbnail' | 'original' | null {
  if (!isPicture(file)) return null;
  if (file.thumbnail) return 'thumbnail';
  const pixels = (file.width ?? 0) * (file.height ?? 0);
  return file.size <= MOST_BYTES && pixels <= MOST_PIXELS ? 'original' : null;
}

/** Whether a picture stands still in the list and moves when it is opened. */
export function movesWhenOpened(file: Kind): boolean {
  // The server did not look at earlier ones.
  return file.thumbnail && (file.moving || file.type === 'image/gif');
}

/** The room of a picture in the list, in pixels, and what of it the picture fills, in per cent. */
export interface Room {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
}

/** Its own shape in at most 320 × 320, never blown up; a very flat or very small one stands in the middle of more. */
export function fit(width: number, height: number): Room {
  const scale = Math.min(1, SIDE_PX / Math.max(width, height, 1));
  const [shownWidth, shownHeight] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const room = { width: Math.max(LEAST_PX, shownWidth), height: Math.max(LEAST_PX, shownHeight) };
  return { ...room, across: (100 * shownWidth) / room.width, down: (100 * shownHeight) / room.height };
}
