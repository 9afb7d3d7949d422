import { describe, expect, it } from 'vitest';
import { addressOf, addressOfChannel, channelAddress, fileAddress, parseRoute } from './route';

const NAMES = ['general', 'a/b', '50% off?', 'c#', 'tea & 茶 + "more"', '👩‍🔬 lab', '.', '..', '...', '%2F', 'new', ' '];

/** As a browser would see the address after following it. */
function visit(address: string) {
  const url = new URL(address, 'https://chat.example');
  return parseRoute(url.pathname, url.search);
}

describe('the address of a channel', () => {
  it.each(NAMES)('leads back to %j', (name) => {
    expect(visit(channelAddress(name))).toEqual({ kind: 'channel', name, number: null });
    expect(visit(channelAddress(name, 123))).toEqual({ kind: 'channel', name, number: 123 });
  });

  it('is percent-encoded as the server writes it', () => {
    expect(channelAddress('a/b ?#')).toBe('/channel/a%2Fb%20%3F%23');
  });

  it('takes a broken encoding as it is', () => {
    expect(parseRoute('/channel/%E0%A4%A')).toEqual({ kind: 'channel', name: '%E0%A4%A', number: null });
  });

  it('knows no message with an odd number', () => {
    for (const number of ['0', '-1', '1e3', 'x', '99999999999999999999']) {
      expect(parseRoute(`/channel/general/${number}`)).toEqual({ kind: 'channel', name: 'general', number: null });
    }
  });
});

describe('the address of a channel that is not public', () => {
  it('has its id, which may be as large as a whole number is exact', () => {
    const channel = { id: Number.MAX_SAFE_INTEGER, name: 'general', kind: 'private' } as const;
    expect(addressOfChannel(channel, 7)).toBe('/c/9007199254740991/7');
    expect(visit(addressOfChannel(channel, 7))).toEqual({ kind: 'private', id: channel.id, number: 7 });
    expect(addressOfChannel({ ...channel, kind: 'public' })).toBe('/channel/general');
    expect(parseRoute('/c/x')).toEqual({ kind: 'private', id: 0, number: null });
  });
});

describe('other addresses', () => {
  it('are what they were made from', () => {
    for (const route of [
      { kind: 'home' },
      { kind: 'channels' },
      { kind: 'settings' },
      { kind: 'people', tab: null },
      { kind: 'people', tab: 'invites' },
    ] as const) {
      expect(visit(addressOf(route))).toEqual(route);
    }
    const door = { kind: 'sign_in', next: '/channel/tea%20%26%20x?y' } as const;
    expect(visit(addressOf(door))).toEqual(door);
  });

  it('never lead to another server after signing in', () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      expect(parseRoute('/login', `?next=${encodeURIComponent(next)}`)).toEqual({ kind: 'sign_in', next: null });
    }
  });

  it('keep the slashes of a file name out of the path', () => {
    expect(fileAddress('ab', 'x/../y.png')).toBe('/files/ab/x%2F..%2Fy.png');
  });
});
