/** Whether the app hears what others do. */
export class Connection {
  online = $state(true);
  /** Long enough without a connection to say so. */
  away = $state(false);
}
