/** Where things are on the pages, as the stories look for them; the words are those of `support/screen.ts`. */
import { EN, type Words } from '../support/screen';
import type { Target } from './finder';

/** The sign-in page. */
export function signIn(words: Words = EN) {
  return {
    name: { role: 'textbox', name: words.displayName },
    join: { role: 'button', name: words.join },
    problem: { role: 'alert' },
    language: (name: string): Target => ({ role: 'radio', name }),
  };
}

/** The channels page. */
export function channels(words: Words = EN) {
  const form: Target = { role: 'form', name: /create a channel|创建频道/i };
  return {
    heading: { role: 'heading', name: words.channels, css: 'h1' },
    name: { role: 'textbox', name: words.channelName, inside: form },
    create: { role: 'button', name: words.createChannel, inside: form },
  };
}

/** A channel's page. */
export function chat(words: Words = EN) {
  const log: Target = { role: 'log' };
  const main: Target = { role: 'main' };
  return {
    log,
    rows: { css: '[role=log] article:not(:has(.msg-line))' },
    row: (has: string): Target => ({ role: 'article', has, inside: log }),
    /** A message that the server has. */
    sent: (has: string): Target => ({ css: 'article[data-state="sent"]', has, inside: log }),
    /** A message that is still on its way. */
    pending: (has: string): Target => ({ css: 'article[data-state="pending"]', has, inside: log }),
    number: (number: number): Target => ({ css: `[data-number="${number}"]`, inside: log }),
    title: (name: string): Target => ({ role: 'heading', css: 'h1', has: name, inside: main }),
    box: { role: 'textbox', name: /^Message #|^发消息到 #/, inside: main },
    send: { role: 'button', name: words.send, inside: main },
    attach: 'main input[type=file]',
    newer: { role: 'button', name: /new messages?$|条新消息$/ },
    /** Opens the menu of the message that the pointer is on. */
    more: (has: string): Target => ({
      role: 'button',
      name: /^More actions/,
      inside: { role: 'article', has, inside: log },
    }),
    /** Deletes the message whose menu is open. */
    remove: { role: 'menuitem', name: /^Delete/ } satisfies Target,
  };
}

/** What the settings have of one's name. */
export function settings() {
  const form: Target = { css: '#profile' };
  return {
    name: { role: 'textbox', name: /^Display name$/, inside: form },
    save: { role: 'button', name: /^Save changes$/, inside: form },
  };
}

/** The question before a message is deleted. */
export const DELETE_IT: Target = {
  role: 'button',
  name: /^Delete/,
  inside: { css: '[role=alertdialog], dialog[open]' },
};

/** What stands around every page of a signed-in person. */
export function shell(words: Words = EN) {
  return {
    account: { role: 'button', name: /Account menu|账户菜单|账号菜单/ },
    logOut: { role: 'menuitem', name: words.logOut },
    /** The answer to the question before one leaves a name without a password. */
    leave: { role: 'button', name: words.logOut, inside: { role: 'alertdialog' } },
    drawer: { role: 'button', name: /^Open channel list/ },
    side: { role: 'navigation', name: /^Workspace$|^工作区$/ },
    link: (name: string): Target => ({
      role: 'link',
      has: name,
      inside: { role: 'navigation', name: /^Workspace$|^工作区$/ },
    }),
  };
}
