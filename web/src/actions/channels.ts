/** What a person can do with channels. */
import * as api from '../api';
import type { Channel, Members } from '../wire';
import { attempt, explain, patiently, type Core } from './core';

/** A new channel, or why there is none. */
export type Made = { readonly channel: Channel } | { readonly problem: string };

export class ChannelActions {
  constructor(private readonly core: Core) {}

  async create(name: string, topic: string): Promise<Made> {
    const { state, words } = this.core;
    if (name.trim() === '') return { problem: words.t('channels.nameEmpty') };
    try {
      const channel = await patiently(this.core, () => api.createChannel(name, topic));
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
    const name = state.channels.find(id)?.name ?? '';
    const left = await attempt(this.core, async () => {
      await api.leave(id);
      return true;
    });
    if (left !== true) return false;
    state.channels.applyLeaving(id);
    state.windows.drop(id);
    state.flashes.show('ok', words.t('chat.left', { name }), {
      label: words.t('chat.rejoin'),
      run: () => void this.join(id),
    });
    return true;
  }

  /** Returns why it did not work, or null. */
  async changeTopic(id: number, topic: string): Promise<string | null> {
    try {
      const info = await patiently(this.core, () => api.changeTopic(id, topic));
      const { channels, windows } = this.core.state;
      const since = info.revision - 1;
      windows.find(id)?.advance({ since, revision: info.revision });
      if (channels.applyFacts(since, info) === 'gap') channels.applyDirectoryEntry(info);
      this.core.state.flashes.show('ok', this.core.words.t('chat.topicSaved'));
      return null;
    } catch (error) {
      return explain(this.core, error);
    }
  }

  members(id: number): Promise<Members | undefined> {
    return attempt(this.core, () => api.members(id));
  }
}
