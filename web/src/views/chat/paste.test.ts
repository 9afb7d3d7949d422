// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { meant } from './paste';

function clipboard(texts: Readonly<Record<string, string>>, files: File[]): DataTransfer {
  return { files, getData: (type: string) => texts[type] ?? '' } as unknown as DataTransfer;
}

const PICTURE = new File(['x'], 'image.png', { type: 'image/png' });

describe('a paste', () => {
  it('of cells or of a text that brings its picture along is the text', () => {
    const cells = { 'text/plain': 'a\tb\n1\t2', 'text/html': '<table><td>a</td></table>' };
    expect(meant(clipboard(cells, [PICTURE]))).toBeNull();
    const marked = '<style>p {}</style><p>Only <b>marked</b> text</p>';
    expect(meant(clipboard({ 'text/html': marked }, [PICTURE]))).toEqual({ text: 'Only marked text' });
  });

  it('of a picture is the picture, also from a page', () => {
    expect(meant(clipboard({}, [PICTURE]))).toEqual({ files: [PICTURE] });
    const html = '<meta charset="utf-8"><img src="https://example.org/a.png" alt="">';
    expect(meant(clipboard({ 'text/html': html }, [PICTURE]))).toEqual({ files: [PICTURE] });
  });

  it('of files with their names or paths beside them is the files', () => {
    const [one, two] = [new File(['x'], 'a b.txt'), new File(['y'], '码头.xlsx')];
    for (const plain of [
      'a b.txt\n码头.xlsx',
      '/home/ada/a b.txt\n/home/ada/码头.xlsx',
      'file:///a%20b.txt\r\nC:\\码头.xlsx',
    ])
      expect(meant(clipboard({ 'text/plain': plain }, [one, two]))).toEqual({ files: [one, two] });
    expect(meant(clipboard({ 'text/plain': 'a b.txt is mine' }, [one]))).toBeNull();
  });

  it('without files is the field’s own', () => {
    expect(meant(clipboard({ 'text/plain': 'text' }, []))).toBeNull();
  });
});
