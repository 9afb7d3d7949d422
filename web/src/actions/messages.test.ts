import { expect, it } from 'vitest';
import { withoutBlankEdges } from './messages';

it('a message goes out without blank lines at its start, and with its first line’s indent', () => {
  expect(withoutBlankEdges(' \n\n  if x:\n    y\n \n')).toBe('  if x:\n    y');
  expect(withoutBlankEdges('\tcode')).toBe('\tcode');
  expect(withoutBlankEdges('　　段首')).toBe('　　段首');
  expect(withoutBlankEdges(' \n ')).toBe('');
});
