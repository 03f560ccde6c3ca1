// Bundles the page and writes it as C: node console/build.mjs OUT.c DEPFILE PLACES.json
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { made } from "./made.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "../build/console/node_modules");
const esbuild = createRequire(join(packages, "x.js"))("esbuild");
const [, , out, depfile, places] = process.argv;
const extra = made(packages, join(here, ".."), places);

const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  json: "application/json",
};

const result = await esbuild.build({
  entryPoints: [join(here, "src/main.js"), join(here, "src/facts-worker.js"), join(here, "src/desk.css")],
  absWorkingDir: here,
  outdir: "out",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  chunkNames: "[name]-[hash]",
  target: "es2022",
  nodePaths: [packages],
  plugins: [extra.plugin],
  write: false,
  metafile: true,
  logLevel: "warning",
});

const files = result.outputFiles.map((f) => ({ name: relative(join(here, "out"), f.path), bytes: Buffer.from(f.contents) }));
for (const name of ["index.html"]) files.push({ name, bytes: readFileSync(join(here, "src", name)) });

// ---- catalogues: of po/*.po, what the page says, and the words of closed lists

const unquote = (lines) => lines.map((l) => JSON.parse(l)).join("");
function readCatalogue(path) {
  const all = {};
  for (const block of readFileSync(path, "utf8").split(/\n\n+/)) {
    const field = { msgstr: [] };
    let name = null;
    for (const line of block.split("\n")) {
      const found = /^(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d)\])? (".*")$/.exec(line);
      if (found) {
        name = found[1] === "msgstr" ? (found[2] ?? "0") : found[1];
        (found[1] === "msgstr" ? field.msgstr : field)[name] = [found[3]];
      } else if (line.startsWith('"') && name) (name in field ? field : field.msgstr)[name].push(line);
    }
    if (!field.msgid || block.includes("#, fuzzy")) continue;
    const id = (field.msgctxt ? unquote(field.msgctxt) + "\u0004" : "") + unquote(field.msgid);
    all[id] = Object.values(field.msgstr).map(unquote);
    if (/^#:.* src\/(matter\/[a-z_]*\.[ch]|store\/channel\.c)/m.test(block)) said.add(id); // words of states
  }
  return all;
}
const said = new Set(extra.said);
for (const source of Object.keys(result.metafile.inputs).filter((p) => p.startsWith("src/")))
  for (const found of readFileSync(join(here, source), "utf8").matchAll(/\b_n?\(\s*("(?:[^"\\]|\\.)*")/g)) said.add(JSON.parse(found[1]));
const catalogues = ["fr", "ru"].map((code) => {
  const path = join(here, `../po/${code}.po`),
    all = readCatalogue(path);
  const kept = Object.fromEntries(Object.entries(all).filter(([id, forms]) => forms[0] && (said.has(id) || id.includes("\u0004"))));
  return { name: `${code}.json`, path, bytes: Buffer.from(JSON.stringify(kept)) };
});
files.push(...catalogues);

const array = (bytes) => {
  const lines = [];
  for (let i = 0; i < bytes.length; i += 32) lines.push([...bytes.subarray(i, i + 32)].join(","));
  return lines.join(",\n");
};
const parts = files.map((f, i) => `static const uint8_t file_${i}[] = {\n${array(f.bytes)}\n};\n`);
const rows = files.map(
  (f, i) => `    {${JSON.stringify(f.name)}, ${JSON.stringify(types[f.name.split(".").pop()])}, file_${i}, sizeof file_${i}},\n`,
);
writeFileSync(
  out,
  `#include "web/web.h"\n\n${parts.join("")}\nconst struct web_file web_page_files[] = {\n${rows.join("")}};\n` +
    `const size_t web_page_file_count = ${files.length};\n`,
);
const sources = Object.keys(result.metafile.inputs)
  .filter((p) => !p.startsWith("made:"))
  .map((p) => join(here, p));
sources.push(
  ...extra.sources,
  ...catalogues.map((c) => c.path),
  join(here, "src/index.html"),
  join(here, "made.mjs"),
  fileURLToPath(import.meta.url),
);
writeFileSync(depfile, `${out}: ${sources.map((p) => p.replace(/ /g, "\\ ")).join(" ")}\n`);
