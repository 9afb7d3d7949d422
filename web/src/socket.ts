/**
 * The connection that tells what others did: connects, comes back, and hands typed events on. Knows nothing of what
 * they mean.
 */
import { io, type Socket } from 'socket.io-client';
import type { Events, Told } from './wire';

/** The first pause before coming back; grows up to the longest, both jittered by half. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

const NAMES = ['message', 'channel', 'member', 'read', 'user', 'heads'] as const satisfies readonly (keyof Events)[];

export interface Listener {
  connected(): void;
  disconnected(): void;
  /** The server ended the connection or does not know the session (any more). */
  refused(): void;
  told(told: Told): void;
}

export interface Line {
  /** Tries again now instead of after the pause. */
  tryNow(): void;
  close(): void;
}

export function openLine(listener: Listener): Line {
  const socket: Socket = io('/app', {
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    reconnectionDelay: FIRST_PAUSE_MS,
    reconnectionDelayMax: LONGEST_PAUSE_MS,
    randomizationFactor: 0.5,
  });
  socket.on('connect', () => listener.connected());
  socket.on('disconnect', (reason) => {
    listener.disconnected();
    // Both ends of a life that does not come back by itself.
    if (reason === 'io server disconnect') listener.refused();
  });
  socket.on('connect_error', () => {
    listener.disconnected();
    // Still active means that the transport failed and the client tries again.
    if (!socket.active) listener.refused();
  });
  for (const name of NAMES) {
    socket.on(name, (event: Events[typeof name]) => listener.told({ name, event } as Told));
  }
  const tryNow = (): void => {
    if (socket.connected) return;
    socket.disconnect().connect();
  };
  // The browser knows of a network that came back before the next pause ends.
  addEventListener('online', tryNow);
  return {
    tryNow,
    close: () => {
      removeEventListener('online', tryNow);
      socket.off();
      socket.disconnect();
    },
  };
}
