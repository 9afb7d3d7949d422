/** A channel in which everything that can hold a message up does so at once, for tests of looks and for the pictures. */
import type { CDPSession, Page } from '@playwright/test';
import { blob } from './files';
import { chat } from './screen';

const POSTS = /\/api\/channels\/\d+\/messages$/;
/** So slow that an upload is under way for as long as anybody looks. */
const UPLOAD_BYTES_PER_S = 150_000;

export interface Trouble {
  /** Refused for good. */
  readonly refused: string;
  /** Held up by the server, which says for how long. */
  readonly held: string;
  /** On its way, with a file that is half up. */
  readonly uploading: string;
}

/**
 * Writes three messages into the channel of the page: one is refused, one has to wait, one uploads its file. Answers with
 * the network, which is slow: whoever wants it offline has to use that, because two emulations contradict each other.
 */
export async function makeTrouble(page: Page, texts: Trouble): Promise<CDPSession> {
  await page.route(POSTS, async (route) => {
    const { text } = route.request().postDataJSON() as { text: string };
    if (text === texts.refused) await route.fulfill(problem(403, 'forbidden', 'You may not write here.'));
    else await route.fulfill(problem(429, 'too_many', 'That was too often.', 3_600));
  });
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  await slow(network, false);
  await write(page, texts.refused);
  await chat(page).row(texts.refused).and(page.locator('[data-state="failed"]')).waitFor();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), chat(page).attach.click()]);
  await chooser.setFiles([blob('glossary-v3.xlsx', 12_000_000)]);
  await page.getByText('glossary-v3.xlsx').waitFor();
  await write(page, texts.uploading);
  await page.getByText(/^Uploading \d|^正在上传 \d/).waitFor();
  return network;
}

/** A network on which uploads crawl, or one that is down. */
export async function slow(network: CDPSession, offline: boolean): Promise<void> {
  const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput: UPLOAD_BYTES_PER_S };
  await network.send('Network.emulateNetworkConditions', conditions);
}

/** Writes the message that the server makes wait; it holds up nothing in another channel. */
export async function holdUp(page: Page, texts: Trouble): Promise<void> {
  await write(page, texts.held);
  await page.getByText(/goes out by itself|会自动发出/).waitFor();
}

async function write(page: Page, text: string): Promise<void> {
  await chat(page).box.fill(text);
  await chat(page).box.press('Shift+Enter');
  await chat(page).row(text).waitFor();
}

function problem(status: number, code: string, detail: string, retryAfterS?: number) {
  const body = { type: 'about:blank', title: code, status, code, detail, retry_after_s: retryAfterS };
  return { status, contentType: 'application/problem+json', body: JSON.stringify(body) };
}
