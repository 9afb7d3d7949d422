/**
 * How much work a piece of code does, counted instead of timed: a busy machine makes no difference. The engine counts how
 * often each block of the parser's files is executed; what a regular expression does inside is seen by the time
 * of the processor alone.
 */
import { Session } from 'node:inspector/promises';

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** What some work took. */
export interface Cost {
  /** How many blocks of `src/text` were executed. */
  readonly steps: number;
  /** Time of the processor, for what regular expressions do. The time that other programs take does not count. */
  readonly processorMs: number;
}

export async function costOf(work: () => void): Promise<Cost> {
  // What was counted before is forgotten with each look.
  await session.post('Profiler.takePreciseCoverage');
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  const { result } = await session.post('Profiler.takePreciseCoverage');
  const counts = result
    .filter(({ url }) => url.includes('/src/text/'))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)));
  return { steps: counts.reduce((sum, count) => sum + count, 0), processorMs: (user + system) / 1_000 };
}
