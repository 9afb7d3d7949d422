/** What the pane beside a channel shows. */
export type Pane = 'details' | 'members' | 'pins';
