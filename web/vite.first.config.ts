import { defineConfig } from 'vite';

/** The script of the first view: one small file without imports, so that it costs one round trip. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2023',
    emptyOutDir: false,
    manifest: '.vite/first.json',
    rollupOptions: {
      input: 'src/first.ts',
      output: { format: 'iife', entryFileNames: 'assets/first-[hash].js' },
    },
    modulePreload: { polyfill: false },
  },
});
