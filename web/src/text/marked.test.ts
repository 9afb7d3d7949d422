import { expect, it } from 'vitest';
/** The same cases as the server's, whose pages without script mark texts up: a text and its tree. */
import cases from './marked.cases.json';
import { parse } from './parse';

it.each(cases as [string, unknown][])('%j', (text, tree) => {
  expect(parse(text)).toEqual(tree);
});
