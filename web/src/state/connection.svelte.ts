/** Whether the app hears what others do. */
import type { Line } from '../socket';

export class ConnectionState {
  /** The way to the server for what is said and heard where it is shown; `null` until the connection is opened. */
  talk: Line['talk'] | null = $state.raw(null);
  online = $state(true);
  /** Long enough without a connection to say so. */
  away = $state(false);
}
