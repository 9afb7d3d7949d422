/** A class comes in by the code on the wall; those who keep the door and those who wait hear of each other; a visit ends. */
import type { Page } from '@playwright/test';
import { found } from '../support/founding';
import { chat, shell } from '../support/screen';
import { expect, test } from '../support/test';

const PHONE = { viewport: { width: 390, height: 844 } };

/** Makes an invite for guests of #general, as the page of invites does. Returns its id. */
async function inviteGuests(page: Page, more: Record<string, unknown> = {}): Promise<number> {
  const state = (await (await page.request.get('/api/state')).json()) as { channels: { id: number }[] };
  const data = { role: 'guest', label: 'Physics', channels: [state.channels[0]?.id], ...more };
  const made = await page.request.post('/api/invites', { data, headers: { origin: new URL(page.url()).origin } });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: number }).id;
}

/** The projector. */
function wall(page: Page) {
  const dialog = page.getByRole('dialog', { name: /^Projector/ });
  return {
    dialog,
    code: dialog.locator('.big-code'),
    qr: dialog.getByRole('img', { name: /^QR code/ }),
    names: dialog.locator('.wall li'),
    count: dialog.getByRole('heading', { level: 2 }),
    door: (name: string) => dialog.getByRole('radio', { name }),
    button: (name: string | RegExp) => dialog.getByRole('button', { name }),
  };
}

/** Types a code on a phone, and comes in under a name. */
async function comeByCode(page: Page, code: string, name: string): Promise<void> {
  await page.goto('/code');
  await page.getByLabel('Code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Next' }).click();
  await expect(page.getByRole('heading', { name: '#general' })).toBeVisible();
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Join #general' }).click();
}

test('two phones come in by the code on the wall, a third waits until it is let in, and the door closes', async ({
  visitor,
  server,
}) => {
  const { page } = await visitor();
  await found(page, server.first(), 'By invite');
  await inviteGuests(page);
  await page.goto('/people/invites');
  const opener = page.getByRole('button', { name: 'Show on a projector: Physics' });
  await opener.click();
  const projector = wall(page);
  await expect(projector.qr).toBeVisible();
  await expect(projector.code).toHaveText(/^[2-9A-HJKMNP-Z]{3} [2-9A-HJKMNP-Z]{3}$/);
  await expect(projector.count).toHaveText('0 here');
  const code = (await projector.code.textContent()) ?? '';

  // A wrong one is told; the right one leads on.
  const wrong = await visitor(PHONE);
  wrong.watch.announce(/status of 404/);
  await wrong.page.goto('/code');
  await wrong.page.getByLabel('Code').fill('222 222');
  await wrong.page.getByRole('button', { name: 'Next' }).click();
  await expect(wrong.page.getByRole('alert')).toContainText('That code does not work');
  for (const [at, name] of ['Ka Yan', '陈嘉欣'].entries()) {
    const phone = await visitor(PHONE);
    await comeByCode(phone.page, code, name);
    await expect(phone.page).toHaveURL(/\/channel\/general$/);
    await expect(projector.count).toHaveText(`${at + 1} here`);
    await expect(projector.names.first()).toContainText(name);
  }

  // The host lets them in.
  await projector.door('I let them in').check({ force: true });
  const late = await visitor(PHONE);
  await comeByCode(late.page, code, 'Jamie Fung');
  await expect(late.page).toHaveURL(/\/waiting$/);
  await expect(projector.dialog.getByText('1 waiting')).toBeVisible();
  await projector.button('Let Jamie Fung in').click();
  await expect(late.page).toHaveURL(/\/channel\/general$/);
  await expect(projector.count).toHaveText('3 here');

  // Names can be hidden, and the door closes.
  await projector.dialog.getByRole('switch', { name: 'Show names' }).click();
  await expect(projector.names).toHaveCount(0);
  await projector.door('Closed').check({ force: true });
  await expect(projector.dialog.getByText('The door is closed')).toBeVisible();
  await expect(projector.qr).toHaveCount(0);
  wrong.watch.announce(/status of 403/);
  await wrong.page.getByLabel('Code').fill(code);
  await wrong.page.getByRole('button', { name: 'Next' }).click();
  await expect(wrong.page.getByRole('heading', { name: 'The door is closed' })).toBeVisible();

  await projector.button('Close the projector').click();
  await expect(projector.dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
  await wrong.page.goto('/code');
  await wrong.page.getByLabel('Code').fill(code);
  await wrong.page.getByRole('button', { name: 'Next' }).click();
  await expect(wrong.page.getByRole('alert')).toContainText('That code does not work');
});

test('how many wait stands beside People, and a name that was refused is told at once', async ({ visitor, server }) => {
  const owner = await visitor();
  await found(owner.page, server.first(), 'By approval');
  await owner.page.getByRole('link', { name: 'Go in' }).click();
  const people = owner.page.getByRole('link', { name: /^People/ });
  await expect(people).toHaveText('People');
  const other = await visitor(PHONE);
  await other.page.goto('/login');
  await other.page.getByLabel('Display name').fill('batman');
  await other.page.getByRole('button', { name: /^Join/ }).click();
  await expect(other.page).toHaveURL(/\/waiting$/);
  await expect(people).toHaveAccessibleName(/^People 1 waiting$/);
  await owner.page.goto('/people/waiting');
  await owner.page.getByRole('button', { name: 'Refuse batman' }).click();
  await expect(other.page.getByRole('heading', { name: 'Not this time' })).toBeVisible();
  await expect(people).toHaveText('People');
  // Whoever comes while the list is open appears in it.
  const third = await visitor(PHONE);
  await third.page.goto('/login');
  await third.page.getByLabel('Display name').fill('Olu Bankole');
  await third.page.getByRole('button', { name: /^Join/ }).click();
  await expect(owner.page.getByRole('button', { name: 'Let Olu Bankole in' })).toBeVisible();
});

test('a guest whose visit ends is told so, and comes back under their name by any invite', async ({
  visitor,
  server,
}) => {
  const owner = await visitor();
  await found(owner.page, server.first(), 'By invite');
  const guest = await visitor(PHONE);
  // Long enough to come in and write, and no longer.
  const id = await inviteGuests(owner.page, { visit_ends_at: new Date(Date.now() + 9_000).toISOString() });
  const { invite } = (await (await owner.page.request.get(`/api/invites/${id}`)).json()) as {
    invite: { address: string };
  };
  await guest.page.goto(invite.address);
  await guest.page.getByLabel('Your name').fill('Ka Yan');
  await guest.page.getByRole('button', { name: 'Join #general' }).click();
  await expect(chat(guest.page).box).toBeVisible();
  guest.watch.announce(/status of 401/);
  await expect(guest.page.getByRole('heading', { name: 'That was it' })).toBeVisible();
  await expect(guest.page.getByText('brings you back as Ka Yan')).toBeVisible();

  const again = await inviteGuests(owner.page);
  await owner.page.goto('/people/invites');
  const reply = await owner.page.request.get(`/api/invites/${again}`);
  const next = (await reply.json()) as { invite: { address: string } };
  await guest.page.goto(next.invite.address);
  await expect(guest.page.getByLabel('Your name')).toHaveValue('Ka Yan');
  await guest.page.getByRole('button', { name: 'Join #general' }).click();
  await expect(guest.page).toHaveURL(/\/channel\/general$/);
});

test('a moderator hands over a sign-in link, which is shown once and tells its person', async ({ visitor, server }) => {
  const owner = await visitor();
  await found(owner.page, server.first(), 'Open');
  const ada = await visitor();
  await ada.signIn('Ada');
  await ada.page.goto('/channels');
  await owner.page.goto('/people/members');
  const opener = owner.page.getByRole('button', { name: 'More for Ada' });
  const makeLink = async (): Promise<void> => {
    await opener.click();
    await owner.page.getByRole('menuitem', { name: 'Make a sign-in link for Ada' }).click();
  };
  await makeLink();
  const dialog = owner.page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Copy' })).toBeFocused();
  const first = await dialog.getByRole('textbox').inputValue();
  await dialog.getByRole('button', { name: 'Undo the link' }).click();
  await expect(shell(owner.page).flash('The link does not work any more.')).toBeVisible();
  await expect(opener).toBeFocused();
  await makeLink();
  const address = await dialog.getByRole('textbox').inputValue();
  expect(address).not.toBe(first);
  await dialog.getByRole('button', { name: 'Done' }).click();

  const phone = await visitor(PHONE);
  phone.watch.announce(/status of 404/);
  await phone.page.goto(first);
  await expect(phone.page.getByRole('heading', { name: 'This link has ended' })).toBeVisible();
  ada.watch.announce(/status of 401/);
  await phone.page.goto(address);
  await phone.page.getByLabel('New password').fill('correct horse');
  await phone.page.getByRole('button', { name: 'Set password and go in' }).click();
  await expect(shell(phone.page).flash(/Mei Lin made/)).toBeVisible();
  await expect(ada.page.getByRole('textbox', { name: 'Display name' })).toBeVisible();
});

test('members make channels, or only those who keep order', async ({ visitor, person, server }) => {
  const owner = await visitor();
  await found(owner.page, server.first(), 'Open');
  await owner.page.goto('/people/entry');
  await owner.page.getByLabel('Who makes channels').selectOption('moderator');
  await owner.page.getByRole('button', { name: 'Save changes' }).click();
  await expect(shell(owner.page).flash('Saved.')).toBeVisible();
  const ada = await person('Ada');
  await ada.page.goto('/channels');
  await expect(ada.page.getByRole('heading', { name: 'Channels', level: 1 })).toBeVisible();
  await expect(ada.page.getByRole('form', { name: /create a channel/i })).toHaveCount(0);
  await owner.page.goto('/channels');
  await expect(owner.page.getByRole('form', { name: /create a channel/i })).toBeVisible();
});
