import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pulse } from './pulse';

let deaths: number;
let pulse: Pulse;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', new EventTarget());
  deaths = 0;
  pulse = new Pulse(() => (deaths += 1));
  pulse.start(25_000);
});

afterEach(() => {
  pulse.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the pulse', () => {
  it('beats as long as the server pings', () => {
    for (let i = 0; i < 20; i += 1) {
      vi.advanceTimersByTime(26_000);
      pulse.noteTraffic();
    }
    expect(deaths).toBe(0);
  });

  it('stops within 30 s of silence, the 2 s of the strip included, and says so once', () => {
    vi.advanceTimersByTime(27_000);
    expect(deaths).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(deaths).toBe(1);
    vi.advanceTimersByTime(120_000);
    expect(deaths).toBe(1);
  });

  it('is looked for at once after a sleep in which no timer ran', () => {
    vi.setSystemTime(Date.now() + 3_600_000);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(deaths).toBe(1);
  });

  it('does not mind a clock that is set back', () => {
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(deaths).toBe(0);
    vi.advanceTimersByTime(10_000);
    expect(deaths).toBe(1);
  });
});
