import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

export default ts.config(
  { ignores: ['dist', 'src/wire/api.d.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  ...svelte.configs.prettier,
  { languageOptions: { globals: globals.browser } },
  { files: ['scripts/**', '*.config.*'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      // The compiler finds undefined names, and knows types as well.
      'no-undef': 'off',
      'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'svelte/no-at-html-tags': 'error',
      // State is replaced, not changed in place: lookups are derived anew and need no reactive map.
      'svelte/prefer-svelte-reactivity': 'off',
      // The app has its own small router; its addresses are made in route.ts.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  { files: ['src/i18n/*.ts', '**/*.test.ts'], rules: { 'max-lines': 'off' } },
);
