/** Whether the app hears what others do. */
export class ConnectionState {
  online = $state(true);
  /** Long enough without a connection to say so. */
  away = $state(false);
}
