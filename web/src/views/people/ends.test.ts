import { describe, expect, it } from 'vitest';
import { endOf } from './ends';

describe('the end of a status', () => {
  it('is a moment in the reader’s own time', () => {
    const wednesday = new Date(2026, 2, 18, 9, 30);
    expect(endOf('hour', wednesday)).toEqual(new Date(2026, 2, 18, 10, 30));
    expect(endOf('fourHours', wednesday)).toEqual(new Date(2026, 2, 18, 13, 30));
    expect(endOf('today', wednesday)).toEqual(new Date(2026, 2, 19));
    expect(endOf('week', wednesday)).toEqual(new Date(2026, 2, 23));
    expect(endOf('week', new Date(2026, 2, 22, 23))).toEqual(new Date(2026, 2, 23));
    expect(endOf('stays', wednesday)).toBeNull();
  });
});
