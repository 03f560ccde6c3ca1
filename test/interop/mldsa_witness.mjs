// A witness (c2sp.org/tlog-witness) that cosigns with ML-DSA-44, for tests of its clients: it takes logs at their word, as
// those have other witnesses beside it.  It holds them to the sizes that it saw, and shows the last checkpoint of each.
//
//     node mldsa_witness.mjs NODE_MODULES PORT NAME     prints its verifier key, then that it listens
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { cosigner } from './mldsa_cosign.mjs';

const [modules, port, name] = process.argv.slice(2);
const by = await cosigner(modules, name);
const seen = new Map(); // hash of an origin: its size and the cosigned checkpoint

function add(body) {
  const at = body.indexOf('\n\n') + 2;
  const old = Number(/^old (\d+)\n/.exec(body)?.[1]);
  const note = body.slice(at);
  const [origin, size] = note.split('\n');
  const hash = createHash('sha256').update(origin).digest('hex');
  const last = seen.get(hash)?.size ?? 0;
  if (old !== last) return { status: 409, type: 'text/x.tlog.size', text: `${last}\n` };
  const line = by.cosign(note, Math.floor(Date.now() / 1000));
  seen.set(hash, { size: Number(size), checkpoint: note + line });
  return { status: 200, type: 'text/plain', text: line };
}

function answer(method, url, body) {
  if (method === 'POST' && url === '/add-checkpoint') return add(body);
  const shown = seen.get(/^\/([0-9a-f]{64})\/checkpoint$/.exec(url)?.[1]);
  if (method === 'GET' && shown) return { status: 200, type: 'text/plain', text: shown.checkpoint };
  return { status: 404, type: 'text/plain', text: 'nothing here\n' };
}

const server = createServer(async (request, response) => {
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) body += part;
  const { status, type, text } = answer(request.method, request.url, body);
  response.writeHead(status, { 'Content-Type': type }).end(text);
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(by.vkey);
  console.log('listens');
});
