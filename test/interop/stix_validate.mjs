// Judges every bundle that stix-samples writes by the JSON schemas of OASIS, with ajv.
//
//     node stix_validate.mjs PATH/TO/stix-samples [FOLDER]
//     node stix_validate.mjs --files FILE…
//     node stix_validate.mjs --folder FOLDER
//     node stix_validate.mjs --own FOLDER
//
// Also judged are the files in FOLDER, a corpus of message bodies: what stands before the first brace is left out; or only
// the bundles in the files named, or in FOLDER.  Whatever carries parley's extension must also be as doc/schema says.  With
// --own only that is judged, for which no schemas of others are needed; then each kind that doc/schema knows must be there.
// The schemas are looked for in $PARLEY_DATA/stix-schemas/schemas, ajv in $PARLEY_NPM/node_modules, where script/setup
// installs it (build/npm).  Without them the test is skipped: exit status 77, and a sentence that says why.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}

const samples = process.argv[2];
const ownAlone = samples === '--own';
const data = process.env.PARLEY_DATA;
if (!data && !ownAlone) skip('PARLEY_DATA names no folder with the schemas');
const schemas = !ownAlone && join(data, 'stix-schemas', 'schemas');
if (schemas && !existsSync(schemas)) skip(`${schemas} is not there`);
const here = new URL('.', import.meta.url).pathname;
const npm = createRequire(resolve(process.env.PARLEY_NPM ?? join(here, '../../build/npm'), 'package.json'));
function installed(name) {
  try {
    return npm(name).default;
  } catch {
    skip(`${name} is not installed; script/setup does it`);
  }
}
const Ajv = installed('ajv/dist/2020.js');
const formats = installed('ajv-formats');

const ajv = new Ajv({ logger: false, strict: false, allErrors: true, unicodeRegExp: false });
formats(ajv);
const byType = new Map();
for (const folder of schemas ? ['common', 'observables', 'sdos', 'sros'] : []) {
  for (const name of readdirSync(join(schemas, folder))) {
    if (!name.endsWith('.json')) continue;
    const schema = JSON.parse(readFileSync(join(schemas, folder, name), 'utf8'));
    ajv.addSchema(schema);
    if (schema.properties || schema.allOf) byType.set(name.replace(/\.json$/, ''), schema.$id);
  }
}

const own = 'extension-definition--c70fd111-9802-4232-84dc-ca72387d6f38';
const ownSchema = JSON.parse(readFileSync(join(here, '../../doc/schema/parley-extension.json'), 'utf8'));
const extension = ajv.compile(ownSchema);
const kinds = new Set();
let judged = 0;
let bad = 0;
let bundles = 0;
function judge(where, value) {
  const id = byType.get(value.type);
  const validate = id && ajv.getSchema(id);
  judged++;
  const said = value.extensions?.[own];
  if (said && !extension(said)) {
    bad++;
    console.log(`${where}: ${said.kind}: ${ajv.errorsText(extension.errors).slice(0, 500)}`);
  }
  if (said) kinds.add(said.kind);
  if (ownAlone) return;
  if (validate && validate(value)) return;
  bad++;
  const why = validate ? ajv.errorsText(validate.errors).slice(0, 500) : 'no schema for this type';
  console.log(`${where}: ${value.type}: ${why}`);
}

// The bundle's own schema knows none of the types that are new in 2.1 (note, opinion, grouping, incident): its frame and
// its objects are judged apart.
function judgeBundle(name, text) {
  const { objects, ...frame } = JSON.parse(text);
  bundles++;
  judge(name, frame);
  for (const object of objects) judge(name, object);
}

function end() {
  console.log(`${judged} objects in ${bundles} bundles judged, ${bad} refused; kinds: ${[...kinds].sort().join(' ')}`);
  process.exit(bad || !judged ? 1 : 0);
}
if (samples === '--files') {
  for (const file of process.argv.slice(3)) judgeBundle(file, readFileSync(file, 'utf8'));
  end();
}
if (samples === '--folder' || ownAlone) {
  for (const name of readdirSync(process.argv[3]))
    if (name.endsWith('.json')) judgeBundle(name, readFileSync(join(process.argv[3], name), 'utf8'));
  for (const kind of ownAlone ? ownSchema.properties.kind.enum : []) {
    if (kinds.has(kind)) continue;
    bad++;
    console.log(`no bundle has the kind ${kind}`);
  }
  end();
}

const corpus = process.argv[3];
for (const name of corpus ? readdirSync(corpus) : []) {
  const text = readFileSync(join(corpus, name), 'utf8');
  judgeBundle(name, text.slice(text.indexOf('{')));
}

const folder = mkdtempSync(join(tmpdir(), 'stix-'));
try {
  execFileSync(samples, [folder], { stdio: 'inherit' });
  for (const name of readdirSync(folder)) {
    judgeBundle(name, readFileSync(join(folder, name), 'utf8'));
  }
  // A schema that takes everything would prove nothing: these must be refused.
  const opinion = JSON.parse(readFileSync(join(folder, 'answer-1.json'), 'utf8')).objects.find((o) => o.type === 'opinion');
  for (const change of [{ kind: 'never' }, { rows: 'three' }, { sheet: 'x' }, { x: 1 }]) {
    if (extension({ extension_type: 'property-extension', kind: 'claim', ...change })) {
      bad++;
      console.log(`taken, and should not be: ${JSON.stringify(change)}`);
    }
  }
  for (const change of [{ opinion: 'never' }, { created: '2026-03-01' }, { object_refs: [] }]) {
    if (ajv.getSchema(byType.get('opinion'))({ ...opinion, ...change })) {
      bad++;
      console.log(`taken, and should not be: ${JSON.stringify(change)}`);
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
end();
