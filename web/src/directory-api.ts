/** The directory of public channels. It is loaded with what shows it. */
import { call } from './api';
import type { DirectoryPage } from './wire';

export interface DirectoryQuery {
  /** Only channels with these letters in their name or topic. */
  readonly letters: string;
  readonly order?: 'oldest' | 'name';
  /** `next` of the page before. */
  readonly after?: string | null;
  readonly limit?: number;
}

/** A page of the directory, 100 channels at most. */
export function directory({ after, ...query }: DirectoryQuery): Promise<DirectoryPage> {
  const wanted = { ...query, ...(typeof after === 'string' && { after }) };
  const words = Object.entries(wanted).map(([name, value]): [string, string] => [name, String(value)]);
  return call('GET', `/api/directory?${new URLSearchParams(words)}`);
}
