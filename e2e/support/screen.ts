/**
 * Where things are on the pages, by role and accessible name, in the words of the product. A word that changes is changed
 * here once. English is the default; `zh` has the same in Chinese.
 */
import type { Locator, Page } from '@playwright/test';

/** The words by which a page's parts are found. */
export interface Words {
  readonly displayName: string;
  readonly password: string;
  readonly join: RegExp;
  readonly channels: string;
  readonly createChannel: string;
  readonly channelName: string;
  readonly send: RegExp;
  readonly enterSends: string;
  readonly logOut: string;
  readonly settings: string;
}

export const EN: Words = {
  displayName: 'Display name',
  password: 'Password',
  join: /^Join\b/,
  channels: 'Channels',
  createChannel: 'Create channel',
  channelName: 'Name',
  send: /^Send/,
  enterSends: 'Enter sends',
  logOut: 'Log out',
  settings: 'Settings',
};

export const ZH: Words = {
  displayName: '显示名称',
  password: '密码',
  join: /^加入/,
  channels: '频道',
  createChannel: '创建频道',
  channelName: '名称',
  send: /^发送/,
  enterSends: 'Enter 发送',
  logOut: '退出登录',
  settings: '设置',
};

/** The sign-in page. */
export function signIn(page: Page, words: Words = EN) {
  return {
    name: page.getByRole('textbox', { name: words.displayName }),
    password: page.getByLabel(words.password, { exact: true }),
    join: page.getByRole('button', { name: words.join }),
    problem: page.getByRole('alert'),
    language: (name: string): Locator => page.getByRole('radio', { name }),
  };
}

/** The channels page. */
export function channels(page: Page, words: Words = EN) {
  const form = page.getByRole('form', { name: /create a channel|创建频道/i });
  return {
    heading: page.getByRole('heading', { level: 1, name: words.channels }),
    name: form.getByRole('textbox', { name: words.channelName }),
    topic: form.getByRole('textbox', { name: /topic|主题/i }),
    create: form.getByRole('button', { name: words.createChannel }),
    problem: form.getByRole('alert'),
    row: (name: string): Locator => page.getByRole('row').filter({ hasText: name }),
    filter: page.getByRole('searchbox'),
  };
}

/** A channel's page. */
export function chat(page: Page, words: Words = EN) {
  const log = page.getByRole('log');
  // Lines that say what happened are no messages.
  const rows = log.getByRole('article').filter({ hasNot: page.locator('.msg-line') });
  const main = page.getByRole('main');
  return {
    log,
    rows,
    row: (text: string | RegExp): Locator => rows.filter({ hasText: text }),
    number: (number: number): Locator => log.locator(`[data-number="${number}"]`),
    title: main.getByRole('heading', { level: 1 }),
    box: main.getByRole('textbox', { name: /^Message #|^发消息到 #/ }),
    send: main.getByRole('button', { name: words.send }),
    enterSends: main.getByRole('switch', { name: words.enterSends }),
    attach: main.getByRole('button', { name: /^Attach a file|^添加附件/ }),
    /** The strip that says that the connection is gone. */
    away: main.getByRole('status').filter({ hasText: /You can keep writing|您可以继续输入/ }),
    newer: page.getByRole('button', { name: /new messages?$|条新消息$/ }),
    /** The bar of buttons that a message shows under the pointer. */
    tools: (row: Locator): Locator => row.getByRole('toolbar'),
  };
}

/** The strip above the messages when the first unread one is out of sight. */
export function newBar(page: Page) {
  const bar = page
    .getByRole('main')
    .getByRole('status')
    .filter({ has: page.getByRole('button', { name: /^Mark read$|^标为已读$/ }) });
  return {
    bar,
    toFirst: bar.getByRole('button', { name: /^Jump to first$|^跳到第一条$/ }),
    markRead: bar.getByRole('button', { name: /^Mark read$|^标为已读$/ }),
  };
}

/** What stands around every page of a signed-in person. */
export function shell(page: Page, words: Words = EN) {
  return {
    side: page.getByRole('navigation', { name: /^Workspace$|^工作区$/ }),
    account: page.getByRole('button', {
      name: /Account menu|账户菜单|账号菜单/,
    }),
    menu: page.getByRole('menu', { name: /^Account$|^账户$|^账号$/ }),
    logOut: page.getByRole('menuitem', { name: words.logOut }),
    settings: page.getByRole('menuitem', { name: words.settings, exact: true }),
    switcher: page.getByRole('dialog', { name: /Quick switcher|快速切换/ }),
    flash: (text: string | RegExp): Locator =>
      page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: text }),
  };
}

/** The question before one logs out of a name without a password. */
export function leaveQuestion(page: Page) {
  const dialog = page.getByRole('alertdialog', {
    name: /Forget this browser|Give up your name|忘记此浏览器|放弃您的名称/,
  });
  return {
    dialog,
    stay: dialog.getByRole('button', { name: /^(Stay|留下)$/ }),
    leave: dialog.getByRole('button', { name: /^(Log out|退出登录)$/ }),
    forget: dialog.getByRole('button', { name: /^(Log out and forget|退出登录并忘记)$/ }),
  };
}

/** The field in which a message is changed. */
export function editing(page: Page) {
  const form = page.getByRole('log').getByRole('form', { name: /^Edit message$|^编辑消息$/ });
  return {
    form,
    field: form.getByRole('textbox'),
    save: form.getByRole('button', { name: /^Save$|^保存$/ }),
    cancel: form.getByRole('button', { name: /^Cancel$|^取消$/ }),
  };
}

/** The one menu of a message, beside it or as a sheet. */
export function messageMenu(page: Page) {
  const menu = page.getByRole('menu', { name: /^Message actions$|^消息操作$/ });
  return {
    menu,
    item: (name: string | RegExp): Locator => menu.getByRole('menuitem', { name }),
    /** Opens it by the button of a row, and chooses from it. */
    choose: async (row: Locator, name: string | RegExp): Promise<void> => {
      await row.hover();
      await row.getByRole('button', { name: /^More actions$|^更多操作$/ }).click();
      await menu.getByRole('menuitem', { name }).click();
    },
  };
}

/** The emoji under a message, and those that one reacts with. */
export function reactions(row: Locator) {
  const page = row.page();
  return {
    all: row.locator('[data-emoji]'),
    one: (emoji: string): Locator => row.locator(`[data-emoji="${emoji}"]`),
    add: row.getByRole('button', { name: /^Add reaction$|^添加表情回应$/ }),
    quick: (name: string): Locator => page.getByRole('menuitemcheckbox', { name }),
    who: page.getByRole('dialog', { name: /^Who reacted$|^谁回应了$/ }),
  };
}

/** The question before a message is deleted. */
export function deleteQuestion(page: Page) {
  const dialog = page.getByRole('alertdialog').or(page.getByRole('dialog', { name: /Delete this message/ }));
  return {
    dialog,
    keep: dialog.getByRole('button', { name: 'Keep it' }),
    confirm: dialog.getByRole('button', { name: /^Delete/ }),
  };
}

/** What stands under a message that is not sent. */
export function unsent(row: Locator) {
  return {
    retry: row.getByRole('button', { name: /^Retry$|^重试$/ }),
    edit: row.getByRole('button', { name: /^Edit$|^编辑$/ }),
    discard: row.getByRole('button', { name: /^Discard$|^放弃$/ }),
  };
}

/** The question before one signs out with something unsent. */
export function unsentQuestion(page: Page) {
  const dialog = page.getByRole('alertdialog', { name: /not sent yet|未发送/ });
  return {
    dialog,
    stay: dialog.getByRole('button', { name: /^Stay$|^留在这里$/ }),
    keep: dialog.getByRole('button', { name: /keep$|保留$/ }),
    discard: dialog.getByRole('button', { name: /discard$|放弃$/ }),
  };
}
