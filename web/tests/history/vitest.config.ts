import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** The web app's own modules under Node, against the real server. */
export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ['browser'] },
  test: { root: import.meta.dirname, include: ['*.test.ts'], environment: 'node' },
});
