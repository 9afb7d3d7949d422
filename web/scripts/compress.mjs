/** Writes the brotli and gzip form beside every text file of the build, for the server to hand out as they are. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const TEXT = new Set(['.js', '.css', '.svg', '.json', '.html']);

const files = await readdir(DIST, { recursive: true, withFileTypes: true });
for (const file of files) {
  if (!file.isFile() || !TEXT.has(extname(file.name)) || file.parentPath.endsWith('.vite')) continue;
  const path = join(file.parentPath, file.name);
  const bytes = await readFile(path);
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  await writeFile(`${path}.br`, brotli);
  await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
