import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { emojiFiles } from './scripts/emoji.mjs';

const SERVER = 'http://127.0.0.1:8080';

/** Tells `src/second-script.ts` what the second script is called in the build. */
function secondScript(): Plugin {
  return {
    name: 'second-script',
    apply: 'build',
    renderChunk(code) {
      const address = /import\(["'`](\.\/second-[^"'`]+)["'`]\)/.exec(code)?.[1];
      return address === undefined ? null : { code: code.replaceAll('./second.ts', address), map: null };
    },
  };
}

export default defineConfig(({ mode }) => ({
  plugins: [svelte(), secondScript(), emojiFiles()],
  // Tests run the browser's half of the components, not the server's.
  ...(mode === 'test' ? { resolve: { conditions: ['browser'] } } : {}),
  build: {
    target: 'es2023',
    // With light-dark() as it is: its emulation cannot show one theme inside the other.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    manifest: true,
    // The shell is the server's: it reads the manifest and links what the entry became.
    rollupOptions: {
      input: 'src/main.ts',
      // What the first message needs is one file: two compress worse.
      output: { codeSplitting: { groups: [{ name: 'first-needed', tags: ['$initial'] }] } },
    },
    modulePreload: { polyfill: false },
    // Icons in the stylesheet are data: addresses already; nothing else may turn into one.
    assetsInlineLimit: 0,
    cssCodeSplit: true,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': SERVER,
      '/files': SERVER,
      '/thumbnails': SERVER,
      '/logout': SERVER,
      '/socket.io': { target: SERVER, ws: true },
    },
  },
  // On a busy machine the longest texts take longer than the 5 s that are usual.
  test: { include: ['src/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
}));
