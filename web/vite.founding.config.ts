import { defineConfig } from 'vite';

/** The script of the first run: one small file without imports. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2023',
    emptyOutDir: false,
    manifest: '.vite/founding.json',
    rollupOptions: {
      input: 'src/founding.ts',
      output: { format: 'iife', entryFileNames: 'assets/founding-[hash].js' },
    },
    modulePreload: { polyfill: false },
  },
});
