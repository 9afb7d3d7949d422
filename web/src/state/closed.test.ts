import { describe, expect, it } from 'vitest';
import { channel } from '../test-server';
import { closedFor } from './closed';
import { runs } from './rights';
import type { Me, User } from '../wire';

const NOW = Date.parse('2026-03-18T10:00:00Z');
const me = (role: Me['role']): Me => ({ role }) as Me;

describe('why somebody may not write', () => {
  it.each([
    [{ archived: true, locked: true }, 'archived', 'archived'],
    [{ muted_until: '2026-03-18T10:00:01Z' }, 'muted', 'muted'],
    [{ muted_until: '2026-03-18T10:00:00Z' }, null, null],
    [{ locked: true, all_muted: true }, 'locked', null],
    [{ all_muted: true, posting: 'hosts' }, 'allMuted', null],
    [{ posting: 'hosts' }, 'hostsWrite', null],
    [{}, null, null],
  ] as const)('%j is %s for a member and %s for a host', (change, ofMember, ofHost) => {
    expect(closedFor(channel(change), me('member'), NOW)).toBe(ofMember);
    expect(closedFor(channel({ ...change, host: true }), me('member'), NOW)).toBe(ofHost);
    expect(closedFor(channel(change), me('moderator'), NOW)).toBe(ofHost);
  });

  it('a mute everywhere closes every channel to everybody, until it ends', () => {
    const muted: Me = { ...me('owner'), muted_until: '2026-03-18T10:00:01Z' };
    const host = channel({ host: true, muted_until: '2026-03-18T09:00:00Z' });
    expect(closedFor(host, muted, NOW)).toBe('muted');
    expect(closedFor(host, muted, NOW + 1_000)).toBe(null);
    expect(closedFor(channel({ archived: true }), muted, NOW)).toBe('archived');
  });

  it('nobody writes to the one other person of a conversation whom they blocked', () => {
    const [ada, rain, bea] = [1, 2, 3].map((id) => ({ id, name: `${id}` })) as [User, User, User];
    const reader = (kind: 'mute' | 'block'): Me => ({ ...me('member'), id: ada.id, aside: [{ ...rain, kind }] });
    const two = channel({ kind: 'direct', people: [ada, rain] });
    expect(closedFor(two, reader('block'), NOW)).toBe('blocked');
    expect(closedFor(two, reader('mute'), NOW)).toBe(null);
    expect(closedFor({ ...two, people: [ada, rain, bea] }, reader('block'), NOW)).toBe(null);
    expect(closedFor({ ...two, people: [ada] }, reader('block'), NOW)).toBe(null);
    expect(closedFor(channel(), reader('block'), NOW)).toBe(null);
  });

  it('hosts run a channel, and whoever keeps order in the place', () => {
    expect(runs(me('member'), channel())).toBe(false);
    expect(runs(null, channel())).toBe(false);
    expect(runs(me('owner'), channel())).toBe(true);
  });
});
