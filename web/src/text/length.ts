/** Whether a message is too long to stand whole between others: it is folded then, with a button that opens it. */

/** About as many narrow letters fit into a line of the text's widest column; wide ones (Han, kana) count double. */
const LINE = 95;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
/** More lines than this are folded. It is well above what a fold shows, so that opening one is worth it. */
const MOST_LINES = 40;

/** About how many lines a text takes, wrapped as on a wide screen. */
export function linesOf(text: string): number {
  let lines = 0;
  for (const line of text.split('\n')) {
    const width = line.length + (line.match(WIDE)?.length ?? 0);
    lines += Math.max(1, Math.ceil(width / LINE));
  }
  return lines;
}

export function isLong(text: string): boolean {
  return text.length > MOST_LINES && linesOf(text) > MOST_LINES;
}
