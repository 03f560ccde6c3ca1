// Bundles the page and writes it as C: node console/build.mjs OUT.c [DEPFILE]
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "../build/console/node_modules");
const esbuild = createRequire(join(packages, "x.js"))("esbuild");
const [, , out, depfile] = process.argv;

const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  json: "application/json",
};

const result = await esbuild.build({
  entryPoints: [join(here, "src/main.js"), join(here, "src/desk.css")],
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
  write: false,
  metafile: true,
  logLevel: "warning",
});

const files = result.outputFiles.map((f) => ({ name: relative(join(here, "out"), f.path), bytes: Buffer.from(f.contents) }));
for (const name of ["index.html"]) files.push({ name, bytes: readFileSync(join(here, "src", name)) });

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
const sources = Object.keys(result.metafile.inputs).map((p) => join(here, p));
sources.push(join(here, "src/index.html"), fileURLToPath(import.meta.url));
if (depfile) writeFileSync(depfile, `${out}: ${sources.map((p) => p.replace(/ /g, "\\ ")).join(" ")}\n`);
