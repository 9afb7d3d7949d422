/**
 * Which messages are too long to stand whole between others, and what is shown of them: their beginning, until somebody
 * opens them. Only that much is made into elements, so that the longest texts cost no more than usual ones.
 */

/** About as many narrow letters fit into a line of the text's widest column; wide ones (Han, kana, emoji) count double. */
const LINE = 95;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
/** Texts of more lines than this are folded. It is well above what is shown then, so that opening one is worth it. */
const MOST_LINES = 40;
/** How many lines of a folded text are shown. */
const SHOWN_LINES = 22;

/** What a long text shows while it is folded; undefined for one that is shown whole. */
export function beginningOf(text: string): string | undefined {
  // Each line has at least one character.
  if (text.length < MOST_LINES || linesOf(text) <= MOST_LINES) return undefined;
  let left = SHOWN_LINES;
  let at = 0;
  for (const line of text.split('\n')) {
    const taken = Math.max(1, Math.ceil(widthOf(line) / LINE));
    if (taken >= left) return text.slice(0, at) + cut(line, left * LINE);
    left -= taken;
    at += line.length + 1;
  }
  return text;
}

/** About how many lines a text takes, wrapped as on a wide screen. */
function linesOf(text: string): number {
  let lines = 0;
  for (const line of text.split('\n')) lines += Math.max(1, Math.ceil(widthOf(line) / LINE));
  return lines;
}

/** How wide a line is, in narrow letters. An emoji has two units already. */
function widthOf(line: string): number {
  return line.length + (line.match(WIDE)?.length ?? 0);
}

function cut(line: string, most: number): string {
  let kept = '';
  let left = most;
  for (const char of line) {
    left -= widthOf(char);
    if (left < 0) break;
    kept += char;
  }
  return kept;
}
