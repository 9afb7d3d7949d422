import { describe, expect, it } from 'vitest';
import { timeIn, zones } from './zone';

describe('the time where somebody is', () => {
  const now = new Date();

  it('is ahead of this one or behind it by whole and half hours', () => {
    const here = timeIn(zones().here, now);
    expect(here?.hoursAhead).toBe(0);
    const [utc, india, line] = [timeIn('UTC', now), timeIn('Asia/Kolkata', now), timeIn('Pacific/Kiritimati', now)];
    expect((india?.hoursAhead ?? 0) - (utc?.hoursAhead ?? 0)).toBe(5.5);
    expect((line?.hoursAhead ?? 0) - (utc?.hoursAhead ?? 0)).toBe(14);
  });

  it('is not told where the browser does not know the zone', () => {
    expect(timeIn('', now)).toBeNull();
    expect(timeIn('Nowhere/AtAll', now)).toBeNull();
  });
});
