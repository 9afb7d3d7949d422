/** Which emoji the browser can draw: an older system shows boxes, or several pictures, in place of the newest. */
import type { Emoji } from './data';

/** One emoji of each version that not every system has yet. */
const SAMPLES: readonly (readonly [version: number, char: string])[] = [
  [17, '\u{1faea}'],
  [16, '\u{1fae9}'],
  [15.1, '\u{1f426}\u200d\u{1f525}'],
  [15, '\u{1fae8}'],
  [14, '\u{1fae0}'],
  [13.1, '\u{1f636}\u200d\u{1f32b}\ufe0f'],
];
const SIZE_PX = 16;
/** What every system draws as one picture. */
const KNOWN = '\u{1f600}';
let newest: number | undefined;

export function isDrawn({ version }: Pick<Emoji, 'version'>): boolean {
  return version === 0 || version <= (newest ??= newestDrawn());
}

function newestDrawn(): number {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE_PX * 2;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  // Who cannot be asked is believed to have all.
  if (pen === null) return Infinity;
  pen.font = `${SIZE_PX}px sans-serif`;
  pen.textBaseline = 'top';
  const width = pen.measureText(KNOWN).width;
  const found = SAMPLES.find(([, char]) => pen.measureText(char).width < width * 1.5 && hasColours(pen, char));
  return found?.[0] ?? 0;
}

/** A box is drawn in the colour of the text; a picture has others. */
function hasColours(pen: CanvasRenderingContext2D, char: string): boolean {
  const { width, height } = pen.canvas;
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = '#000';
  pen.fillText(char, 0, 0);
  const { data } = pen.getImageData(0, 0, width, height);
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at + 1] !== data[at + 2]) return true;
  }
  return false;
}
