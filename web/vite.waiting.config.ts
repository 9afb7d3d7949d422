import { defineConfig } from 'vite';

/** The script of the page on which a name waits at the door: one small file without imports. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2023',
    emptyOutDir: false,
    manifest: '.vite/waiting.json',
    rollupOptions: {
      input: 'src/waiting.ts',
      output: { format: 'iife', entryFileNames: 'assets/waiting-[hash].js' },
    },
    modulePreload: { polyfill: false },
  },
});
