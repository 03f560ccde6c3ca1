// Judges what parley exported by what others wrote of their formats.
//
//     node neighbours_validate.mjs xarf|intelmq|misp|iodef FILE…
//
// The definitions are looked for in $PARLEY_NEIGHBOURS, else in $PARLEY_DATA/neighbours: there `xarf/schemas` of
// xarf/xarf-spec, `intelmq/harmonization.conf` of certtools/intelmq, `misp/objects` of MISP/misp-objects,
// `misp/describeTypes.json` of MISP/PyMISP and `iodef/iodef-2.0.xsd` of RFC 7970.  What is not there is not judged: exit
// status 77, and a sentence that says why.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(77);
}
const here = new URL('.', import.meta.url).pathname;
const base = process.env.PARLEY_NEIGHBOURS ?? (process.env.PARLEY_DATA && join(process.env.PARLEY_DATA, 'neighbours'));
if (!base) skip('neither PARLEY_NEIGHBOURS nor PARLEY_DATA names a folder with the definitions');
function there(path) {
  const at = join(base, path);
  if (!existsSync(at)) skip(`${at} is not there`);
  return at;
}
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

let judged = 0;
const wrong = [];

function xarf() {
  const root = there('xarf/schemas/v4');
  const npm = createRequire(resolve(process.env.PARLEY_NPM ?? join(here, '../../build/npm'), 'package.json'));
  let ajv;
  try {
    const Ajv = npm('ajv/dist/2020.js').default;
    ajv = new Ajv({ logger: false, strict: false, allErrors: true });
    npm('ajv-formats').default(ajv);
  } catch {
    skip('ajv is not installed; script/setup does it');
  }
  for (const folder of [root, join(root, 'types')])
    for (const name of readdirSync(folder)) if (name.endsWith('.json')) ajv.addSchema(readJson(join(folder, name)));
  const whole = ajv.getSchema('https://xarf.org/schemas/v4/xarf-v4-master.json');
  return (text) => {
    for (const report of JSON.parse(text)) {
      judged++;
      if (!whole(report)) wrong.push(`${report.category}/${report.type}: ${ajv.errorsText(whole.errors).slice(0, 500)}`);
      if (whole({ ...report, type: 'never' })) wrong.push('the schema takes everything');
    }
  };
}

const day = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00$/;
const isIntelMq = {
  Integer: Number.isInteger,
  IPAddress: (v) => isIP(v) !== 0,
  DateTime: (v) => day.test(v),
  URL: (v) => URL.canParse(v) && v.includes('://'),
  FQDN: (v) => /^[^\s.]+(\.[^\s.]+)*$/.test(v) && v === v.toLowerCase() && isIP(v) === 0,
  String: (v) => typeof v === 'string' && v !== '',
  LowercaseString: (v) => typeof v === 'string' && v === v.toLowerCase(),
  UppercaseString: (v) => typeof v === 'string' && v === v.toUpperCase(),
  TLP: (v) => ['WHITE', 'GREEN', 'AMBER', 'RED'].includes(v),
};
function intelmq() {
  const { event: names } = readJson(there('intelmq/harmonization.conf'));
  return (text) => {
    for (const line of text.split('\n').filter(Boolean)) {
      judged++;
      for (const [name, value] of Object.entries(JSON.parse(line))) {
        if (name === '__type') continue;
        const rule = names[name.startsWith('extra.') ? 'extra' : name];
        const holds = rule && (isIntelMq[rule.type] ?? (() => true))(value);
        const fits = rule && (!rule.length || `${value}`.length <= rule.length);
        const matches = rule && (!rule.regex || name.startsWith('extra.') || new RegExp(rule.regex).test(value));
        if (!holds || !fits || !matches) wrong.push(`${name} = ${value}: ${rule ? rule.type : 'there is no such field'}`);
      }
    }
  };
}

function misp() {
  const { types, categories, category_type_mappings: fits } = readJson(there('misp/describeTypes.json')).result;
  const folder = there('misp/objects');
  function attribute(a, where) {
    judged++;
    if (!types.includes(a.type)) wrong.push(`${where}: there is no type ${a.type}`);
    else if (!categories.includes(a.category) || !fits[a.category].includes(a.type))
      wrong.push(`${where}: ${a.type} is not of the category ${a.category}`);
  }
  return (text) => {
    const { Event: event } = JSON.parse(text);
    for (const a of event.Attribute ?? []) attribute(a, 'event');
    for (const o of event.Object ?? []) {
      if (!existsSync(join(folder, o.name))) skip(`${join(folder, o.name)} is not there`);
      const template = readJson(join(folder, o.name, 'definition.json'));
      if (o.template_uuid !== template.uuid) wrong.push(`${o.name}: template ${o.template_uuid}`);
      if (Number(o.template_version) > template.version) wrong.push(`${o.name}: version ${o.template_version}`);
      const has = new Set();
      for (const a of o.Attribute) {
        attribute(a, o.name);
        const rule = template.attributes[a.object_relation];
        if (!rule || rule['misp-attribute'] !== a.type) wrong.push(`${o.name}: ${a.object_relation} of type ${a.type}`);
        if (has.has(a.object_relation) && !rule?.multiple) wrong.push(`${o.name}: ${a.object_relation} twice`);
        has.add(a.object_relation);
      }
      if ((template.required ?? []).some((r) => !has.has(r))) wrong.push(`${o.name}: lacks one of ${template.required}`);
      if (template.requiredOneOf && !template.requiredOneOf.some((r) => has.has(r)))
        wrong.push(`${o.name}: has none of ${template.requiredOneOf}`);
    }
  };
}

// What the schema imports and parley writes nothing of: declared as anything, so that no network is needed.
const xs = 'http://www.w3.org/2001/XMLSchema';
const imported = {
  'xmldsig-core-schema.xsd': ['http://www.w3.org/2000/09/xmldsig#',
    'CanonicalizationMethod DigestMethod DigestValue Signature X509Data SignedInfo KeyInfo'],
  'http://www.iana.org/assignments/xml-registry/schema/iodef-enum-1.0.xsd': ['urn:ietf:params:xml:ns:iodef-enum-1.0',
    'ReferenceName'],
  'http://www.iana.org/assignments/xml-registry/schema/iodef-sci-1.0.xsd': ['urn:ietf:params:xml:ns:iodef-sci-1.0',
    'AttackPattern Vulnerability Weakness'],
};
function iodef() {
  const at = there('iodef/iodef-2.0.xsd');
  if (spawnSync('xmllint', ['--version']).error) skip('xmllint is not installed; script/setup does it');
  const folder = mkdtempSync(join(tmpdir(), 'iodef-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  let schema = readFileSync(at, 'utf8');
  Object.entries(imported).forEach(([place, [space, names]], i) => {
    const elements = names.split(' ').map((n) => `<xs:element name="${n}"/>`).join('');
    writeFileSync(join(folder, `${i}.xsd`), `<xs:schema xmlns:xs="${xs}" targetNamespace="${space}">${elements}</xs:schema>`);
    schema = schema.replace(place, `${i}.xsd`);
  });
  const lang = `<xs:attribute name="lang" type="xs:language"/>`;
  writeFileSync(join(folder, 'xml.xsd'),
    `<xs:schema xmlns:xs="${xs}" targetNamespace="http://www.w3.org/XML/1998/namespace">${lang}</xs:schema>`);
  writeFileSync(join(folder, 'iodef.xsd'), schema.replace('http://www.w3.org/2009/01/xml.xsd', 'xml.xsd'));
  function takes(text) {
    writeFileSync(join(folder, 'document.xml'), text);
    const args = ['--nonet', '--noout', '--schema', join(folder, 'iodef.xsd'), join(folder, 'document.xml')];
    return spawnSync('xmllint', args, { encoding: 'utf8' });
  }
  return (text) => {
    judged++;
    const said = takes(text);
    if (said.status) wrong.push(said.stderr.slice(0, 2000));
    if (!takes(text.replace('<IncidentID', '<Never/><IncidentID')).status) wrong.push('the schema takes everything');
  };
}

const judge = { xarf, intelmq, misp, iodef }[process.argv[2]]();
for (const file of process.argv.slice(3)) judge(readFileSync(file, 'utf8'));
console.log(`${process.argv[2]}: ${judged} judged, ${wrong.length} refused`);
for (const why of new Set(wrong)) console.log(`  ${why}`);
process.exit(wrong.length || !judged ? 1 : 0);
