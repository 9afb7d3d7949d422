/** What a person can do with channels. */
import * as api from '../api';
import type { Channel, ChannelDraft, Members } from '../wire';
import { attempt, explain, patiently, type Core } from './core';

/** A new channel, or why there is none. */
export type Made = { readonly channel: Channel } | { readonly problem: string };

export class ChannelActions {
  constructor(private readonly core: Core) {}

  async create(draft: ChannelDraft): Promise<Made> {
    const { state, words } = this.core;
    if (draft.name.trim() === '') return { problem: words.t('channels.nameEmpty') };
    try {
      const channel = await patiently(this.core, () => api.createChannel(draft));
      state.channels.merge(channel);
      state.flashes.show('ok', words.t('channels.created', { name: channel.name }));
      return { channel };
    } catch (error) {
      return { problem: explain(this.core, error) };
    }
  }

  async join(id: number): Promise<void> {
    const channel = await attempt(this.core, () => api.join(id));
    if (channel === undefined) return;
    this.core.state.channels.merge(channel);
    this.core.state.flashes.show('ok', this.core.words.t('channels.joined', { name: channel.name }));
  }

  /** Leaves a channel. Returns whether that worked. */
  async leave(id: number): Promise<boolean> {
    const { state, words } = this.core;
    const channel = state.channels.find(id);
    const name = channel?.name ?? '';
    const left = await attempt(this.core, async () => {
      await api.leave(id);
      return true;
    });
    if (left !== true) return false;
    state.channels.applyLeaving(id, channel?.own_revision ?? 0);
    if (state.channels.find(id)?.member !== true) state.windows.drop(id);
    // Nobody comes back into a private channel by themselves.
    const back = { label: words.t('chat.rejoin'), run: () => void this.join(id) };
    state.flashes.show('ok', words.t('chat.left', { name }), channel?.kind === 'public' ? back : undefined);
    return true;
  }

  members(id: number, part: api.MembersPart): Promise<Members | undefined> {
    return attempt(this.core, () => api.members(id, part));
  }
}
