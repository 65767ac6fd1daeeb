// What a first visit in English loads, compressed as a server would.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const limit = 120_000;
const folder = new URL('../dist/assets/', import.meta.url);
const first = (name) => /^(index|style)-|inter-latin-/.test(name);
let sum = gzipSync(readFileSync(new URL('../dist/index.html', import.meta.url))).length;
for (const name of readdirSync(folder)) {
  const bytes = readFileSync(new URL(name, folder));
  const size = name.endsWith('.woff2') ? bytes.length : gzipSync(bytes).length;
  if (first(name)) sum += size;
  console.log(`${String(size).padStart(7)}  ${name}${first(name) ? '' : '  (only when needed)'}`);
}
console.log(`${String(sum).padStart(7)}  a first visit, of at most ${limit}`);
process.exit(sum > limit ? 1 : 0);
