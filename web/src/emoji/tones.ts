/** Skin tones: one for everything that a person picks. */

/** 0 is the yellow that has no tone; 1 is light, 5 is dark. */
export const TONES = [0, 1, 2, 3, 4, 5] as const;
export type Tone = (typeof TONES)[number];

const LIGHT = 0x1f3fb;
/** Everybody in it: a hand or a person, but not the hands that hold two people together. */
const BASE = /(?!(?<=\u200d)\u{1f91d})(\p{Emoji_Modifier_Base})\ufe0f?/gu;

/** An emoji that has tones, in one of them. */
export function withTone(char: string, tone: Tone): string {
  return tone === 0 ? char : char.replace(BASE, `$1${String.fromCodePoint(LIGHT + tone - 1)}`);
}
