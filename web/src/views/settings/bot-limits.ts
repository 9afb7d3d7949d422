/** The limits of a bot token, as they are chosen when it is made. */

/** The most channels that a token can be limited to, as on the server. */
export const MOST_CHANNELS = 20;

export interface Limits {
  /** The only channels that it knows of; `null` for all. */
  readonly channels: number[] | null;
  readonly reads_only: boolean;
}

export const NO_LIMITS: Limits = { channels: null, reads_only: false };
