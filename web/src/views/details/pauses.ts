/** The pauses of slow mode that can be chosen, and what they are called. */
import type { Words } from '../../words.svelte';

const PAUSES = [0, 10, 30, 60, 300];

/** In seconds, the present one among them: another may have been set by a program. */
export function pausesWith(present: number): readonly number[] {
  return [...new Set([...PAUSES, present])].sort((a, b) => a - b);
}

export function pauseText(t: Words['t'], seconds: number): string {
  if (seconds === 0) return t('details.slowOff');
  const whole = seconds % 60 === 0;
  return t(whole ? 'details.slowMinutes' : 'details.slowSeconds', { count: whole ? seconds / 60 : seconds });
}
