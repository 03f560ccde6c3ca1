// What was looked at, source by source: fields to state it, and a bar that shows which times it leaves out.
import { html } from "htm/preact";
import { _, _n } from "./i18n.js";
import { utcDay } from "./time.js";

const TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z";
const whole = (time) => (/T\d\d:\d\dZ$/.test(time) ? time.replace("Z", ":00Z") : time);

/** From when until when a row covers, in ms; NaN where it does not say. */
const rangeOf = (row) => [Date.parse(whole(row.from ?? "")), Date.parse(whole(row.until ?? ""))];

/** How many facts no row of that source covers. */
function outside(ranges, table) {
  let n = 0;
  for (let i = 0; i < table.rows; i++) {
    const at = (table.first_seen?.[i] ?? NaN) * 1000;
    if (at === at && !ranges.some(([from, until]) => at >= from && at <= until)) n++;
  }
  return n;
}

const WIDTH = 900,
  LEFT = 160,
  HIGH = 26;
/** One line a source: what it covers of the time of the facts, filled; the rest is left open. */
function Bars({ rows, table }) {
  const sources = new Map();
  for (const row of rows) {
    const range = rangeOf(row);
    if (range.every((t) => t === t)) sources.set(row.source, [...(sources.get(row.source) ?? []), range]);
  }
  const seen = Array.from(table?.first_seen ?? [], (s) => s * 1000).filter((t) => t === t);
  if (!sources.size || !seen.length) return null;
  const first = seen.reduce((a, b) => Math.min(a, b)),
    last = seen.reduce((a, b) => Math.max(a, b)),
    more = Math.max(3600000, (last - first) * 0.04);
  const x = (t) => LEFT + Math.min(1, Math.max(0, (t - first + more) / (last - first + 2 * more))) * (WIDTH - LEFT);
  const day = (t) => utcDay(new Date(t).toISOString());
  return html`<ul class="bars">${[...sources].map(([name, ranges]) => {
    const left = outside(ranges, table),
      says = left ? _n("{n} fact lies outside it", "{n} facts lie outside it", left) : _("all facts lie within it");
    return html`<li><svg viewBox="0 0 ${WIDTH} ${HIGH}" width="100%" role="img" aria-label="${name}: ${says}" font-size="12" fill="var(--ink2)">
      <text x="0" y="15">${name.length > 22 ? `${name.slice(0, 21)}…` : name}</text>
      <rect x=${LEFT} y="5.5" width=${WIDTH - LEFT - 1} height="12" fill="none" stroke="var(--rule2)" stroke-dasharray="3 2" />
      ${ranges.map(([from, until]) => html`<rect x=${x(from)} y="6" width=${Math.max(1, x(until) - x(from))} height="11" fill="var(--ink3)" />`)}
      ${[first, last].map((t) => html`<path d="M${x(t)} 2v19" stroke="var(--ink)" />`)}
    </svg><p class="small quiet"><bdi>${name}</bdi>: ${says}. ${_("Facts from {a} to {b}.", { a: day(first), b: day(last) })}</p></li>`;
  })}</ul>`;
}

export function Coverage({ rows, setRows, table }) {
  const change = (i, part) => setRows(rows.map((r, k) => (k === i ? { ...r, ...part } : r)));
  return html`<section class="panel" aria-labelledby="coverage"><header><h2 id="coverage">${_("Coverage")}</h2><span class="quiet">${_("What was looked at, whatever it showed.")}</span></header>
    <div class="in"><${Bars} rows=${rows} table=${table} />${rows.map(
      (r, i) => html`<div class="fields cover">
      <label><span>${_("Source of records")}</span><input required value=${r.source} onInput=${(e) => change(i, { source: e.target.value })} /></label>
      <label><span>${_("From, as 2026-03-01T00:00Z")}</span><input pattern=${TIME} value=${r.from ?? ""} onInput=${(e) => change(i, { from: e.target.value })} /></label>
      <label><span>${_("Until")}</span><input pattern=${TIME} value=${r.until ?? ""} onInput=${(e) => change(i, { until: e.target.value })} /></label>
      <div class="low"><button type="button" onClick=${() => setRows(rows.filter((_r, k) => k !== i))}>${_("Remove")}</button></div>
      ${r.note && html`<p class="small quiet">${r.note}</p>`}</div>`,
    )}
      <p><button type="button" onClick=${() => setRows([...rows, { source: "" }])}>${_("Add a source")}</button></p></div></section>`;
}

export const coverageFile = (rows, table) => {
  const coverage = rows.map((r) =>
    Object.fromEntries(
      Object.entries({ ...r, from: r.from && whole(r.from), until: r.until && whole(r.until) }).filter(
        ([, v]) => v !== "" && v !== null && v !== undefined,
      ),
    ),
  );
  return { content: JSON.stringify({ coverage, version: 1, ...(table ? { territory_table: table } : {}) }) };
};
