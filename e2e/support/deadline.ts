/**
 * How long a test waits for anything at all, in ms: the one place for it. Ample, because a busy machine is slow and a fault
 * never ends; only a test that fails pays for it.
 */

/** For what a page or the server does at once. */
export const DEADLINE_MS = 30_000;
/** For what comes after pauses of the product itself: a line that is found dead, what is tried again. */
export const LATE_MS = 60_000;
/** For a whole test of many steps; those that wait for several such pauses call themselves slow, which is three times as much. */
export const TEST_MS = 360_000;
