/** How files come into the composer: by its button, by paste and by drop. */
import { expect, type Page } from '@playwright/test';
import type { TestFile } from './files';
import { chat } from './screen';

/** By the button, and until they are shown. */
export async function choose(page: Page, files: readonly TestFile[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), chat(page).attach.click()]);
  await chooser.setFiles([...files]);
  for (const file of files) await expect(page.getByText(file.name).first()).toBeVisible();
}

/** A paste or drop as the browser would tell it. Answers whether the page took it, instead of the field. */
export async function hand(
  page: Page,
  how: 'paste' | 'drop',
  files: readonly TestFile[],
  texts: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const carried = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }));
  const transfer = await page.evaluateHandle(
    ([all, said]) => {
      const made = new DataTransfer();
      for (const { name, mimeType, bytes } of all) made.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
      for (const [type, text] of Object.entries(said)) made.setData(type, text);
      return made;
    },
    [carried, texts] as const,
  );
  const target = how === 'paste' ? chat(page).box : chat(page).log;
  if (how === 'drop') {
    await target.dispatchEvent('dragenter', { dataTransfer: transfer });
    await target.dispatchEvent('dragover', { dataTransfer: transfer });
    await target.dispatchEvent('drop', { dataTransfer: transfer });
    return true;
  }
  return target.evaluate((element, clipboardData) => {
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    return !element.dispatchEvent(event);
  }, transfer);
}
