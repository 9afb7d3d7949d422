/**
 * What of a clipboard is meant. Spreadsheets and word processors put a picture of what was copied beside the text: then the
 * text is meant. A file that was copied in a file manager has its name or its path beside it: then the file is.
 */

/** The files that are meant, or the text that a field would not find by itself; null when the browser does it right. */
export type Pasted = { readonly files: readonly File[] } | { readonly text: string } | null;

export function meant(data: DataTransfer): Pasted {
  const files = [...data.files];
  const plain = data.getData('text/plain');
  if (files.length === 0) return null;
  if (plain.trim() !== '') return namesOnly(plain, files) ? { files } : null;
  const text = textOf(data.getData('text/html'));
  return text === '' ? { files } : { text };
}

/** Whether the text says nothing but what the files are called and where they are. */
function namesOnly(text: string, files: readonly File[]): boolean {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.every((line) => files.some(({ name }) => line === name || lastPart(line) === name));
}

function lastPart(path: string): string {
  const part = path.split(/[/\\]/).at(-1) ?? '';
  try {
    return path.startsWith('file:') ? decodeURIComponent(part) : part;
  } catch {
    return part;
  }
}

/** A picture that was copied from a page has markup without text. */
function textOf(html: string): string {
  if (html === '') return '';
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  for (const element of body.querySelectorAll('script, style')) element.remove();
  return (body.textContent ?? '').trim();
}
