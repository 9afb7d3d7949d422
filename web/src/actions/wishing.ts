/** Reacting to messages and editing them, and levels: what the reader wants is shown at once, and kept until the server has it. */
import { keep } from '../apply';
import { Editing } from '../state/editing.svelte';
import { isEditable, mayAnswer } from '../state/answering';
import { isAside } from '../state/aside';
import { placeOf, type Place } from '../state/place';
import { isMine } from '../state/reactions';
import { Wishes } from '../outbox/wishes';
import type { Channel, Level, Message } from '../wire';
import type { Core } from './core';
import { withoutBlankEdges, type Messages } from './messages';

/** The app, as far as wishes need it. */
export interface Wisher extends Core {
  readonly messages: Messages;
}

const made = new WeakMap<Wisher, Wishes>();

/** The wishes of an app, which begin with the first look at them. */
export function wishesOf(app: Wisher): Wishes {
  const known = made.get(app);
  if (known !== undefined) return known;
  const wishes = new Wishes(app, app.messages.outbox, {
    settled: ({ message, saved, channel }) => {
      app.flushInbox();
      if (message !== undefined) app.messages.settled(message);
      if (saved !== undefined) {
        if (!saved.kept) app.state.kept.tookOut(saved);
        keep(app.state, saved);
      }
      if (channel !== undefined) app.state.channels.merge(channel);
      app.state.kept.changes += 1;
    },
    second: (wish) => {
      const editing = new Editing(
        placeOf(wish.channel, wish.root),
        wish.number,
        wish.edits,
        wish.text,
        wish.files ?? [],
      );
      if (wish.files === null) editing.files = filesOf(stored(app, wish.channel, wish.number));
      editing.second = true;
      open(app, editing);
    },
  });
  made.set(app, wishes);
  return wishes;
}

/** A message as it is shown: with what is wanted of it. */
export function shown({ state }: Core, channel: number, number: number): Message | undefined {
  const message = state.message(channel, number);
  return message && state.wishes.over(channel, [message])[0];
}

/** A message as the server has it. */
export function stored({ state }: Core, channel: number, number: number): Message | undefined {
  return state.message(channel, number);
}

/** Whether the reader may change a message now. */
export function mayEdit({ state }: Core, channel: Channel, message: Message | undefined, now = Date.now()): boolean {
  const { me, workspace } = state.session;
  if (message === undefined || message.deleted_at !== null || message.author.id !== me?.id) return false;
  return mayAnswer(channel, me, now) && isEditable(message.created_at, workspace.editing, now);
}

/** Puts an emoji to a message, or takes it back if it is there. */
export function toggle(app: Wisher, channel: number, number: number, emoji: string): void {
  const message = shown(app, channel, number);
  if (message === undefined) return;
  void wishesOf(app).add({ kind: 'reaction', channel, number, emoji, on: !isMine(message, emoji) });
}

/** Notes how much of a channel the reader wants to be told of. */
export function setLevel(app: Wisher, channel: Channel, level: Level): void {
  if (app.state.wishes.levelOf(channel) !== level)
    void wishesOf(app).add({ kind: 'level', channel: channel.id, level });
}

/** Opens a message for editing at a place. Where another one was changed there and not saved, that one is shown instead. */
export function beginEdit(app: Wisher, channel: Channel, number: number, place: Place = channel.id): boolean {
  const message = shown(app, channel.id, number);
  if (message === undefined || !mayEdit(app, channel, message)) return false;
  const { view } = app.state;
  const before = view.edits.get(place);
  if (before?.number === number) return true;
  if (before !== undefined && isChanged(app, before)) {
    if (view.thread === null || place === channel.id) view.jumpTo(channel.id, before.number, 'middle');
    else view.thread = { ...view.thread, reply: before.number };
    return true;
  }
  open(app, new Editing(place, number, message.edits ?? 0, message.text, filesOf(message)));
  return true;
}

/** Opens the newest own message of a place that can be edited. Returns whether there is one. */
export function editNewest(app: Wisher, channel: Channel, place: Place = channel.id): boolean {
  const { threads, windows } = app.state;
  const rows = (place === channel.id ? windows.find(channel.id) : threads.of(channel.id))?.rows ?? [];
  const newest = rows.findLast((row) => mayEdit(app, channel, row));
  return newest !== undefined && beginEdit(app, channel, newest.number, place);
}

/** Somebody else was first: what the message says by now, for the writer to see before they save. */
export function firstOf(app: Core, editing: Editing): Message | undefined {
  const now = stored(app, editing.channel, editing.number);
  return now !== undefined && (editing.second || (now.edits ?? 0) > editing.edits) ? now : undefined;
}

/** Whether there is something to save. */
export function isChanged(app: Core, editing: Editing): boolean {
  const now = shown(app, editing.channel, editing.number);
  return now === undefined || withoutBlankEdges(editing.text) !== now.text || !sameFiles(editing, now);
}

/** Saves what was changed; the same as before changes nothing. Returns whether the field can close. */
export function saveEdit(app: Wisher, editing: Editing): boolean {
  const { state, words } = app;
  const { channel, number, files } = editing;
  const text = withoutBlankEdges(editing.text);
  const [limit, length] = [state.session.workspace.text_limit, [...text].length];
  const now = stored(app, channel, number);
  editing.problem = null;
  if (now === undefined || now.deleted_at !== null) editing.problem = words.t('edit.gone');
  else if (length > limit) editing.problem = words.t('composer.tooLong', { count: limit, length });
  else if (length === 0 && files.length === 0) editing.problem = words.t('edit.empty');
  if (now === undefined || editing.problem !== null) return false;
  const wishes = wishesOf(app);
  const waiting = state.wishes.list.find((wish) => wish.kind === 'edit' && isAbout(wish, editing));
  if (isChanged(app, editing)) {
    // One that waits is replaced, and was about the same message; one that came second knows now who was first.
    const edits = waiting?.kind === 'edit' && !waiting.second ? waiting.edits : (now.edits ?? 0);
    const root = isAside(now) ? now.root : undefined;
    void wishes.add({
      kind: 'edit',
      channel,
      number,
      root,
      text,
      files: sameFiles(editing, now) ? null : files,
      edits,
    });
  } else if (waiting?.second === true) void wishes.forget(waiting);
  close(app, editing);
  return true;
}

/** Gives up what was changed. */
export function cancelEdit(app: Wisher, editing: Editing): void {
  const second = app.state.wishes.list.find((wish) => wish.second && isAbout(wish, editing));
  if (second !== undefined) void wishesOf(app).forget(second);
  close(app, editing);
}

function isAbout(one: { channel: number; number?: number }, { channel, number }: Editing): boolean {
  return one.channel === channel && one.number === number;
}

function sameFiles({ files }: Editing, message: Message): boolean {
  return filesOf(message).every((id) => files.includes(id));
}

function filesOf(message: Message | undefined): readonly string[] {
  return message?.attachments.map(({ id }) => id) ?? [];
}

function open({ state }: Core, editing: Editing): void {
  state.view.edits = new Map(state.view.edits).set(editing.place, editing);
}

function close({ state }: Core, editing: Editing): void {
  const edits = new Map(state.view.edits);
  if (edits.get(editing.place) === editing) edits.delete(editing.place);
  state.view.edits = edits;
}
