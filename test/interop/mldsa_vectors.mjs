// Writes signatures by ML-DSA-44 that the npm package @noble/post-quantum makes, for test/unit/note/mldsa.c: a line each of
// public key, message, context and signature, in hexadecimal.
//
//     node mldsa_vectors.mjs NODE_MODULES COUNT [SEED] >FILE
//
// With the same SEED (a number, 0) the same come out.  First it accumulates 100 keys and signatures as the test of C2SP's
// CCTV does, and fails where the hash is another than CCTV's: a signer that errs proves nothing of a verifier.
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, count, seed = '0'] = process.argv.slice(2);
const from = (...path) => import(pathToFileURL(resolve(modules, '@noble', ...path)));
const { ml_dsa44 } = await from('post-quantum', 'ml-dsa.js');
const { shake128 } = await from('hashes', 'sha3.js');
const hex = (bytes) => Buffer.from(bytes).toString('hex') || '-';
const none = new Uint8Array(0);

const seeds = shake128.create({});
const all = shake128.create({ dkLen: 32 });
for (let i = 0; i < 100; i++) {
  const key = ml_dsa44.keygen(seeds.xof(32));
  const signature = ml_dsa44.sign(key.secretKey, none, none, new Uint8Array(32));
  all.update(key.publicKey).update(signature);
  if (i < 2) console.log(hex(key.publicKey), '-', '-', hex(signature));
}
if (hex(all.digest()) !== 'd51148e1f9f4fa1a723a6cf42e25f2a99eb5c1b378b3d2dbbd561b1203beeae4')
  throw new Error('@noble/post-quantum does not accumulate to the hash of CCTV');

const bytes = shake128.create({}).update(new TextEncoder().encode(`mldsa ${seed}`));
for (let i = 2; i < Number(count); i++) {
  const key = ml_dsa44.keygen(bytes.xof(32));
  const message = bytes.xof((i - 2) * 37);
  const context = i % 2 ? none : bytes.xof((i * 51) % 256);
  const signature = ml_dsa44.sign(key.secretKey, message, context, bytes.xof(32));
  console.log(hex(key.publicKey), hex(message), hex(context), hex(signature));
}
