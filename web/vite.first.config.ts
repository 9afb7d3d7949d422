import { defineConfig } from 'vite';

/** The script of the first view: one file without imports, which the server puts into the page itself. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2023',
    emptyOutDir: false,
    lib: { entry: 'src/first.ts', formats: ['iife'], name: 'first', fileName: () => 'first.js' },
    modulePreload: { polyfill: false },
  },
});
