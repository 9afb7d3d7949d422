/**
 * Who writes here, and on which server: what a browser keeps of somebody is kept under this. An installation can be
 * replaced at the same address, and after a restore a person's number can be given to another.
 */
import type { Me } from '../wire';

export interface Identity {
  readonly user: number;
  /** The installation, for ever the same. */
  readonly instance: string;
  /** The state of its data: another one after a restore. */
  readonly epoch: string;
  /** Names the person in every key of the browser's storage: a number that is given again has another beginning. */
  readonly key: string;
}

export function identityOf(me: Pick<Me, 'id' | 'created_at'>, of: { instance: string; epoch: string }): Identity {
  const { instance, epoch } = of;
  return { user: me.id, instance, epoch, key: `${instance}.${me.id}.${Date.parse(me.created_at)}` };
}
