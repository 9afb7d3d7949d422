/**
 * The connection that brings the server's events: connects, notices when the connection died, connects again, and passes typed
 * events on. It knows nothing of what they mean.
 */
import { io, type Socket } from 'socket.io-client';
import { Pulse } from './pulse';
import type { Events, ServerEvent } from './wire';

/**
 * The first pause before coming back, from 0.5 to 4 s: a server that restarts has everybody back spread out, not at once.
 * Later pauses are longer. When the browser says that the network is back (`online`), there is no pause.
 */
const FIRST_PAUSE_MS = 2_250;
const JITTER = 0.78;
const LONGEST_PAUSE_MS = 5_000;
/** When the handshake does not say how often the server pings: as often as the reference server. */
const USUAL_PING_MS = 25_000;

const NAMES = [
  'message',
  'reaction',
  'channel',
  'delisted',
  'lost',
  'person',
  'member',
  'membership',
  'read',
  'user',
  'reports',
  'heads',
  'waiting',
  'invite',
  'pin',
  'saved',
  'activity',
  'follow',
] as const satisfies readonly (keyof Events)[];

export interface Listener {
  connected(): void;
  disconnected(): void;
  /** The server ended the connection: the session may be over. The line comes back by itself all the same. */
  dismissed(): void;
  /** The server does not know the session (any more). */
  refused(): void;
  onEvent(incoming: ServerEvent): void;
}

export interface Line {
  /** The way to the server for what is heard and said where it is shown. */
  readonly talk: Pick<Socket, 'connected' | 'on' | 'off' | 'emit'>;
  /**
   * Subscribes to a channel without being a member: one at a time, none with null. `from` gets the channel's revision; newer
   * events follow. To be called again after each reconnection.
   */
  preview(channel: number | null, from: (revision: number) => void): void;
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
    randomizationFactor: JITTER,
  });
  let returning: ReturnType<typeof setTimeout> | undefined;
  const tryNow = (): void => {
    clearTimeout(returning);
    if (!socket.connected) socket.disconnect().connect();
  };
  const pulse = new Pulse(() => socket.disconnect().connect());
  const opened = (): void => {
    const pingMs: unknown = Reflect.get(socket.io.engine, '_pingInterval');
    pulse.start(typeof pingMs === 'number' && pingMs > 0 ? pingMs : USUAL_PING_MS);
    socket.io.engine.on('packet', () => pulse.noteTraffic());
  };
  socket.io.on('open', opened);
  socket.on('connect', () => listener.connected());
  socket.on('disconnect', (reason) => {
    pulse.stop();
    listener.disconnected();
    // The client comes back by itself after everything but this: the session is over, or the server stops.
    if (reason !== 'io server disconnect') return;
    returning = setTimeout(tryNow, firstPause());
    listener.dismissed();
  });
  socket.on('connect_error', () => {
    listener.disconnected();
    // Still active means that the transport failed and the client tries again.
    if (!socket.active) listener.refused();
  });
  for (const name of NAMES) {
    socket.on(name, (event: Events[typeof name]) => listener.onEvent({ name, event } as ServerEvent));
  }
  // The browser knows of a network that came back before the next pause ends.
  addEventListener('online', tryNow);
  return {
    talk: socket,
    preview: (channel, from) => {
      if (!socket.connected) return;
      socket.emit('preview', { channel }, ({ ok, revision }: { ok: boolean; revision?: number | null }) => {
        if (ok && typeof revision === 'number') from(revision);
      });
    },
    tryNow,
    close: () => {
      removeEventListener('online', tryNow);
      clearTimeout(returning);
      pulse.stop();
      socket.off();
      socket.io.off('open', opened);
      socket.disconnect();
    },
  };
}

function firstPause(): number {
  return FIRST_PAUSE_MS * (1 - JITTER + 2 * JITTER * Math.random());
}
