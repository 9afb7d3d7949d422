/** The security headers of the pages, and what other sites may do. */
import { expect, test } from '../support/test';

test('every page is under a strict policy', async ({ person, visitor }) => {
  const stranger = await visitor();
  const ada = await person('Ada');
  await ada.createChannel('general');
  const pages = [
    await stranger.context.request.get('/login'),
    ...(await Promise.all(
      ['/channels', '/channel/general', '/channel/nowhere', '/settings'].map((path) => ada.context.request.get(path)),
    )),
  ];
  for (const response of pages) {
    const headers = response.headers();
    const policy = headers['content-security-policy'] ?? '';
    expect(policy, response.url()).toMatch(/default-src 'self'|default-src 'none'/);
    expect(policy, response.url()).toMatch(/frame-ancestors 'none'/);
    expect(policy, response.url()).not.toMatch(/unsafe-inline|unsafe-eval|https?:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-type']).toMatch(/text\/html; ?charset=utf-8/i);
  }
});

test('the test notices a policy that is broken', async ({ person }) => {
  const ada = await person('Ada');
  ada.watch.announce(/Content Security Policy/);
  await ada.page.goto('/channels');
  const blocked = await ada.page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'globalThis.pwned = 1';
        document.body.append(script);
      }),
  );
  expect(blocked).toMatch(/script-src/);
  expect(ada.watch.complaints()).toEqual([]);
  expect(await ada.page.evaluate(() => 'pwned' in globalThis)).toBe(false);
});

test('a form on a foreign page changes nothing', async ({ person }) => {
  const ada = await person('Ada');
  const foreign = {
    Origin: 'https://elsewhere.example',
    'Sec-Fetch-Site': 'cross-site',
  };
  const create = await ada.context.request.post('/channels', {
    headers: foreign,
    form: { new_channel: 'theirs' },
    maxRedirects: 0,
  });
  expect(create.status()).toBe(403);
  const post = await ada.context.request.post('/api/channels', {
    headers: foreign,
    data: { name: 'theirs' },
  });
  expect(post.status()).toBe(403);
  expect(await ada.call('GET', '/api/channels')).toMatchObject({
    channels: [],
  });
});

test('a stranger gets nothing that needs a session', async ({ person, visitor }) => {
  const ada = await person('Ada');
  const general = await ada.createChannel('general');
  await ada.post(general, 'among us');
  const stranger = await visitor();
  for (const path of [
    '/api/me',
    '/api/channels',
    `/api/channels/${general.id}/messages`,
    `/api/channels/${general.id}/changes?since=0`,
  ]) {
    const response = await stranger.context.request.get(path);
    expect(response.status(), path).toBe(401);
    expect(await response.text()).not.toContain('among us');
  }
  const page = await stranger.context.request.get('/channel/general');
  expect(await page.text()).not.toContain('among us');
});
