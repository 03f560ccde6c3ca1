// The map of origins: all land in one grey, for area is not guilt, and circles whose areas are the counts.  A part of the
// page of its own, for the shapes are larger than all the rest.
import { geoEqualEarth, geoGraticule, geoPath } from "d3-geo";
import { html } from "htm/preact";
import { feature, mesh } from "topojson-client";
import { middle, places, topology, width as UNITS } from "made:atlas";
import { _, number } from "./i18n.js";
import { useWidth, wide } from "./measure.js";
import { count, differ, inWords, named, tableLetter } from "./origins-data.js";

const SPHERE = { type: "Sphere" };
const projection = geoEqualEarth().rotate([-middle, 0]).fitWidth(UNITS, SPHERE);
const path = geoPath(projection).digits(1);
const HEIGHT = path.bounds(SPHERE)[1][1];
const shapes = {
  sphere: path(SPHERE),
  lines: path(geoGraticule().step([30, 30])()),
  land: path(feature(topology, topology.objects.land)),
  borders: path(mesh(topology, topology.objects.countries, (a, b) => a !== b)),
};
const NAMED = 12,
  NAME_SIZE = 11,
  NAME_HEIGHT = 13;

/** The origins that have a place, the larger first, so that the smaller lie on them. */
function spotsOf(docs, pairs, scale) {
  const { unit } = docs[0],
    spots = [];
  for (const pair of pairs) {
    const place = places[pair.origin],
      counts = pair.rows.map((row) => count(row, unit));
    if (place && Math.max(...counts))
      spots.push({ ...pair, counts, most: Math.max(...counts), x: place[0] * scale, y: place[1] * scale, small: place[2] });
  }
  spots.sort((a, b) => b.most - a.most);
  const most = spots[0]?.most ?? 1,
    largest = Math.min(24, Math.max(12, scale * 66));
  for (const s of spots) s.radii = s.counts.map((n) => largest * Math.sqrt(n / most));
  return spots;
}

const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const around = ({ x, y, radii }) => {
  const r = Math.max(...radii);
  return { left: x - r, right: x + r, top: y - r, bottom: y + r };
};
const WAYS = [
  [0, 1, "middle"],
  [0, -1, "middle"],
  [1, 0, "start"],
  [-1, 0, "end"],
];

/** Names below, above, right or left of their circles, where they touch nothing else; else the ranking alone has them. */
function namesOf(spots, width, height) {
  const taken = [],
    names = [];
  for (const s of [...spots.filter((one) => one.asked), ...spots.slice(0, NAMED).filter((one) => !one.asked)]) {
    const long = wide(s.name, NAME_SIZE, 600),
      far = Math.max(...s.radii) + 3;
    for (const [across, down, anchor] of WAYS) {
      const x = s.x + across * far,
        y = s.y + down * (far + NAME_HEIGHT / 2);
      const left = across > 0 ? x : across < 0 ? x - long : x - long / 2;
      const box = { left, right: left + long, top: y - NAME_HEIGHT / 2, bottom: y + NAME_HEIGHT / 2 };
      const free = box.left > 0 && box.right < width && box.top > 0 && box.bottom < height && !taken.some((t) => meet(t, box));
      if (!free || spots.some((o) => o !== s && Math.max(...o.radii) > 3 && meet(around(o), box))) continue;
      taken.push(box);
      names.push({ x, y: y + 4, anchor, name: s.name });
      break;
    }
  }
  return names;
}

/** White where the tables tell the same, brown between white where they don't, so that grey print shows it too. */
function Ring({ x, y, radius, differs }) {
  const stroke = differs ? Math.min(1.6, radius / 3) : Math.min(2, radius / 6);
  return html`${differs && html`<circle cx=${x} cy=${y} r=${radius} class="map-b" stroke-width=${2 * stroke} />`}
    <circle cx=${x} cy=${y} r=${radius} class=${differs ? "map-b differ" : "map-b"} stroke-width=${stroke} />`;
}

function Spot({ spot: s, two }) {
  const [a, b] = s.counts,
    says = [
      `${_("table {t}", { t: tableLetter(0) })} ${number(a)}`,
      ...(two ? [`${_("table {t}", { t: tableLetter(1) })} ${number(b)}`] : []),
    ];
  return html`<g data-origin=${s.origin}><title>${named(s.name, says.join(", "))}</title>
    ${s.small && html`<circle cx=${s.x} cy=${s.y} r="2.5" class="map-islet" />`}
    ${a > 0 && html`<circle cx=${s.x} cy=${s.y} r=${s.radii[0]} class="map-a" />`}
    ${two && b > 0 && html`<${Ring} x=${s.x} y=${s.y} radius=${s.radii[1]} differs=${differ(a, b)} />`}</g>`;
}

const Key = ({ two }) => html`<p class="map-key small quiet">
  <span><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" class="map-a" /></svg> ${_("table {t}", { t: tableLetter(0) })}</span>
  ${
    two &&
    html`<span><svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="8" class="map-a" /><circle cx="8" cy="8" r="5" class="map-b" stroke-width="2" /></svg> ${_("table {t}", { t: tableLetter(1) })}</span>
    <span><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><circle cx="6" cy="6" r="5" class="map-b differ" stroke-width="2" /></svg> ${_("table {t}, differs by over a fifth", { t: tableLetter(1) })}</span>`
  }
  <span>${_("the area of a circle is its count")}</span></p>`;

/** `pairs`: all origins of both tables, as allRows gives them; `lines`: those of the ranking, which the words tell. */
export function WorldMap({ docs, pairs, lines }) {
  const [box, width] = useWidth(440);
  const scale = width / UNITS,
    spots = width ? spotsOf(docs, pairs, scale) : [];
  const height = Math.ceil(Math.max(HEIGHT * scale, ...spots.map((s) => s.y + Math.max(...s.radii) + 2))); // Antarctica's circle hangs over the edge
  const two = docs.length > 1;
  return html`<div ref=${box}>${
    width > 0 &&
    html`<svg class="figure-svg" viewBox="0 0 ${width} ${height}" role="img" aria-label=${`${_("Map")}. ${inWords(docs, lines)}`}>
      <g transform="scale(${scale})"><path d=${shapes.sphere} class="map-sea" /><path d=${shapes.lines} class="map-lines" /><path d=${shapes.land} class="map-land" /><path d=${shapes.borders} class="map-borders" /></g>
      ${spots.map((spot) => html`<${Spot} key=${spot.origin} spot=${spot} two=${two} />`)}
      ${namesOf(spots, width, height).map((n) => html`<text key=${n.name} x=${n.x} y=${n.y} text-anchor=${n.anchor} class="map-name">${n.name}</text>`)}
    </svg>`
  }
    <${Key} two=${two} />
    <p class="small quiet">${_("Equal Earth projection: areas are true. Shapes and borders are as Natural Earth draws them, at a scale of 1:110 million, and say nothing about whose a territory is.")}</p></div>`;
}
