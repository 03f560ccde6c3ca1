// Modules that the build makes of what stands elsewhere, so that it stands once: "made:atlas", the land of the world and
// where countries lie on it; "made:words", the sentences that origins are to be read with.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Natural Earth's land and borders, without the names, which Intl has in every language. */
function atlas(topologyPath, placesPath) {
  const { type, objects, arcs, transform } = JSON.parse(readFileSync(topologyPath, "utf8"));
  const geometries = objects.countries.geometries.map((g) => ({ type: g.type, arcs: g.arcs }));
  const topology = { type, arcs, transform, objects: { land: objects.land, countries: { type: objects.countries.type, geometries } } };
  return { topology, ...JSON.parse(readFileSync(placesPath, "utf8")) };
}

/** The rows X(CODE, "name", N_("…"), …) of a list in a header, as {name: [sentence, …]}. */
function rowsOf(header, list) {
  const lines = header.slice(header.indexOf(`#define ${list}(X)`)).replaceAll(/\\\n/g, "\n"),
    rows = {};
  for (const [, name, said] of lines
    .slice(0, lines.indexOf("\n\n"))
    .matchAll(/X\(\w+,\s*"([^"]*)",((?:\s*N_\((?:\s*"(?:[^"\\]|\\.)*")+\),?)+)\)/g))
    rows[name] = [...said.matchAll(/N_\(((?:\s*"(?:[^"\\]|\\.)*")+)\)/g)].map(([, parts]) =>
      parts
        .match(/"(?:[^"\\]|\\.)*"/g)
        .map((p) => JSON.parse(p))
        .join(""),
    );
  return rows;
}

/** All sentences that a header marks for the catalogues. */
const marked = (headerPath) =>
  [...readFileSync(headerPath, "utf8").matchAll(/N_\("((?:[^"\\]|\\.)*)"\)/g)].map(([, said]) => JSON.parse(`"${said}"`));

function words(headerPath) {
  const header = readFileSync(headerPath, "utf8");
  return { caveats: rowsOf(header, "ORIGINS_CAVEATS"), marks: rowsOf(header, "ORIGIN_MARKS") };
}

/** {plugin, sources, said}: for esbuild; the files it was made of; the sentences, which catalogues must hold. */
export function made(packages, root, placesPath) {
  const topologyPath = join(packages, "world-atlas/countries-110m.json"),
    headerPath = join(root, "src/territory/origins.h"),
    reasonsPath = join(root, "src/territory/origins_document.h");
  const spoken = words(headerPath);
  const contents = { atlas: () => atlas(topologyPath, placesPath), words: () => spoken };
  const plugin = {
    name: "made",
    setup(build) {
      build.onResolve({ filter: /^made:/ }, ({ path }) => ({ path: path.slice(5), namespace: "made" }));
      build.onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => ({ contents: JSON.stringify(contents[path]()), loader: "json" }));
    },
  };
  const said = [...Object.values(spoken).flatMap((list) => Object.values(list).flat()), ...marked(reasonsPath)];
  return { plugin, said, sources: [topologyPath, headerPath, reasonsPath, placesPath] };
}
