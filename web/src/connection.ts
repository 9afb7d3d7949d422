/**
 * The connection over which events come: opened and closed with the session, noted where the views see it, and tried again after
 * a refusal that will pass. What opens it comes with the second script. What is missed until then is caught up with, as the
 * first thing that the server says is how far everything is.
 */
import { secondScript, type Second } from './second-script';
import type { Line } from './socket';
import type { ConnectionState } from './state/connection.svelte';
import type { ServerEvent } from './wire';

/** The strip that tells of a lost connection appears when it has been lost for this long. */
const AWAY_AFTER_MS = 2_000;
/** The pause before connecting again when the server refused the connection but still knows the session. */
const RETURN_PAUSE_MS = 3_000;

/** What the connection needs to know, and what it tells. */
export interface Listener {
  connected: () => void;
  onEvent: (incoming: ServerEvent) => void;
  /** A channel that is previewed stands at this revision. */
  onPreview: (channel: number, revision: number) => void;
  /** Whether the person is logging out, so that the end of the session is known. */
  isLeaving: () => boolean;
  /** Whether the server still knows the session. */
  stillIn: () => Promise<boolean>;
  /** The session is over. */
  ended: () => void;
}

export class Connection {
  line: Line | null = null;
  /** The latest wish to be connected; `null` after it was taken back. */
  #opening: object | null = null;
  /** The channel that is shown to somebody who is not a member. */
  #previewed: number | null = null;
  #awayTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly state: ConnectionState,
    private readonly listener: Listener,
  ) {}

  open(): void {
    this.close();
    const opening = (this.#opening = {});
    secondScript.onFailure = () => this.#opening === opening && this.#onDisconnect();
    void secondScript.load().then(({ openLine }) => {
      if (this.#opening === opening) this.#opened(openLine);
    });
  }

  close(): void {
    this.#opening = null;
    this.line?.close();
    this.line = null;
    this.state.talk = null;
  }

  /** Nobody is signed in: nothing is missed by not being connected. */
  rest(): void {
    clearTimeout(this.#awayTimer);
    this.state.online = true;
    this.state.away = false;
  }

  tryNow(): void {
    secondScript.wake();
    this.line?.tryNow();
  }

  /** Subscribes to a channel that is shown to somebody who is not a member; `null` ends that. */
  preview(channel: number | null): void {
    this.#previewed = channel;
    this.line?.preview(channel, (revision) => {
      if (channel !== null) this.listener.onPreview(channel, revision);
    });
  }

  /** The server refuses the connection, or may do so: the session is over, or the reason will pass. */
  async askWhetherEnded(): Promise<void> {
    const line = this.line;
    if (!(await this.listener.stillIn())) this.listener.ended();
    else setTimeout(() => line === this.line && line?.tryNow(), RETURN_PAUSE_MS * (0.5 + Math.random()));
  }

  #opened(openLine: Second['openLine']): void {
    this.line = openLine({
      connected: () => this.#onConnect(),
      disconnected: () => this.#onDisconnect(),
      dismissed: () => void this.#onDismissed(),
      refused: () => void this.askWhetherEnded(),
      onEvent: (incoming) => this.listener.onEvent(incoming),
    });
    this.state.talk = this.line.talk;
  }

  #onConnect(): void {
    this.rest();
    this.listener.connected();
    if (this.#previewed !== null) this.preview(this.#previewed);
  }

  #onDisconnect(): void {
    if (!this.state.online) return;
    this.state.online = false;
    this.#awayTimer = setTimeout(() => (this.state.away = true), AWAY_AFTER_MS);
  }

  /** The server ended the connection, as it does when the person logs out this device elsewhere. */
  async #onDismissed(): Promise<void> {
    if (!this.listener.isLeaving() && !(await this.listener.stillIn())) this.listener.ended();
  }
}
