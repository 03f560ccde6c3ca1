// A cosigner with a key of ML-DSA-44 (c2sp.org/tlog-cosignature, type 0x06), by the npm package @noble/post-quantum: it
// shares nothing with parley but the specification's text.
//
//     node mldsa_cosign.mjs NODE_MODULES NAME TIME <CHECKPOINT     its verifier key, then its signature line
//     node mldsa_cosign.mjs NODE_MODULES NAME                      its verifier key alone
//
// As a module: cosigner(NODE_MODULES, NAME), with `vkey` and `cosign(NOTE, TIME)`.
// The key follows from the name.  TIME is in seconds.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const u64 = (number) => {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(BigInt(number));
  return out;
};
const opaque = (text) => {
  const bytes = Buffer.from(text);
  if (bytes.length < 1 || bytes.length > 255) throw new Error('opaque<1..2^8-1>');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
};

export async function cosigner(modules, name) {
  const path = join('@noble', 'post-quantum', 'ml-dsa.js');
  const { ml_dsa44 } = await import(pathToFileURL(resolve(modules, path)));
  const key = ml_dsa44.keygen(sha256('cosigner ', name));
  const typed = Buffer.concat([Buffer.from([6]), key.publicKey]);
  const id = sha256(name, '\n', typed).subarray(0, 4);
  return {
    vkey: `${name}+${id.toString('hex')}+${typed.toString('base64')}`,
    cosign(note, time) {
      const [origin, size, root] = note.split('\n');
      const message = [
        Buffer.from('subtree/v1\n\0'),
        opaque(name),
        u64(time),
        opaque(origin),
        u64(0),
        u64(size),
        Buffer.from(root, 'base64'),
      ];
      const signature = ml_dsa44.sign(key.secretKey, Buffer.concat(message));
      return `— ${name} ${Buffer.concat([id, u64(time), signature]).toString('base64')}\n`;
    },
  };
}

if (process.argv[1]?.endsWith('mldsa_cosign.mjs')) {
  const [modules, name, time] = process.argv.slice(2);
  const by = await cosigner(modules, name);
  console.log(by.vkey);
  if (time !== undefined) process.stdout.write(by.cosign(readFileSync(0, 'utf8'), time));
}
