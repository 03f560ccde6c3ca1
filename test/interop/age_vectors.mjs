// Writes the age test vectors of the npm package cctv-age as files, one a vector, for test/unit/seal/vectors.c.
//
//     node age_vectors.mjs NODE_MODULES FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, folder] = process.argv.slice(2);
const vectors = await import(pathToFileURL(resolve(modules, 'cctv-age', 'index.js')));
mkdirSync(folder, { recursive: true });
let written = 0;
for (const [name, bytes] of Object.entries(vectors.default ?? vectors)) {
  if (!/^[a-z0-9_]+$/.test(name) || !(bytes instanceof Uint8Array)) continue;
  writeFileSync(join(folder, name), bytes);
  written++;
}
if (!written) throw new Error('the package holds no vectors');
