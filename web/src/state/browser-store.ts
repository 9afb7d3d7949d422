/** The part of the browser's `localStorage` that is used. Any call may throw: browsers forbid it, or it is full. */
export interface BrowserStore {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
