// The figure of origins: map, ranking and, in one frame with them, all that no number is shown without.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { api } from "./api.js";
import { _, _n, number, word } from "./i18n.js";
import { FINDINGS } from "./parts.js";
import { allRows, basisWord, caveatList, copyText, count, lettersOf, ranking, tableLetter, UNIT_WORDS, UNITS } from "./origins-data.js";
import { Multiples, Ranking } from "./origins-ranking.js";
import { openReport } from "./report.js";
import { save } from "./save.js";
import { useSome } from "./some.js";

let WorldMap = null; // comes with the shapes, when a figure first asks for it
function Map({ ...given }) {
  const [, again] = useState(0);
  if (WorldMap) return html`<${WorldMap} ...${given} />`;
  import("./origins-map.js").then((part) => {
    WorldMap = part.WorldMap;
    again((n) => n + 1);
  });
  return html`<p class="quiet map-waits">${_("One moment …")}</p>`;
}

export const Caveats = ({
  docs,
}) => html`<figcaption class="caveats"><p><b>${_("The origin of traffic is not its author.")}</b> ${_("Read every number with the letters behind it:")}</p>
  <dl>${caveatList(docs).map(({ letter, says }) => html`<div key=${letter}><dt>${letter}</dt><dd>${says}</dd></div>`)}</dl></figcaption>`;

const Chips = ({
  label,
  choices,
  chosen,
  choose,
}) => html`<span class="chips" role="group" aria-label=${label}><span class="small quiet">${label}</span>
  ${choices.map(([name, says]) => html`<button type="button" class="chip" key=${name} aria-pressed=${String(name === chosen)} onClick=${() => choose(name)}>${says}</button>`)}</span>`;

/** What leaves the page: a picture by the program itself, or all rows as CSV; both with their caveats. */
function Exports({ docs, call }) {
  const [told, setTold] = useState("");
  const tried = (act) => () =>
    act().then(
      () => setTold(""),
      (fault) => setTold(fault.message),
    );
  const picture = async () => save(await api("origins", { ...call, options: { ...call.options, svg: "-" } }), "origins.svg");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(copyText(docs));
      setTold(_("Copied, with the caveats."));
    } catch {
      setTold(_("The browser does not let the page copy."));
    }
  };
  return html`<span class="buttons no-print"><button type="button" class="link" onClick=${tried(picture)}>${_("Save as SVG")}</button><button type="button" class="link" onClick=${copy}>${_("Copy the numbers")}</button>
    <button type="button" class="link" onClick=${tried(() => openReport("origins", call))}>${_("Report for paper")}</button><button type="button" class="link" onClick=${() => print()}>${_("Print")}</button><span role="status" class="small">${told}</span></span>`;
}

const titles = {
  sources: (n) => _n("Origins of {n} source", "Origins of {n} sources", n),
  events: (n) => _n("Origins of {n} event", "Origins of {n} events", n),
  targets: (n) => _n("Origins of {n} target", "Origins of {n} targets", n),
};

/** `docs`: one document or two; `choose({unit, by})`: what else is to be counted; `call`: how the documents were asked for. */
export function Figure({ docs, asked, choose, call }) {
  const shown = ranking(docs, asked),
    { unit, by, total } = docs[0],
    pairs = allRows(docs);
  return html`<section class="panel origins" aria-labelledby="figure"><header><h2 id="figure">${titles[unit](total[unit])}</h2>
      <span class="end figure-acts"><${Chips} label=${_("unit counted")} chosen=${unit} choose=${(name) => choose({ unit: name })} choices=${UNITS.map((name) => [name, UNIT_WORDS[name]()])} />
      <${Chips} label=${_("counted by")} chosen=${by} choose=${(name) => choose({ by: name })} choices=${[
        ["country", _("territory")],
        ["as", _("AS")],
      ]} /></span></header>
    <figure class="in"><div class=${by === "country" ? "map-and-ranking" : ""}>${by === "country" && html`<${Map} docs=${docs} pairs=${pairs} lines=${shown.lines} />`}<${Ranking} docs=${docs} shown=${shown} /></div>
      <${Caveats} docs=${docs} /></figure>
    <div class="in exports no-print"><${Exports} docs=${docs} call=${call} /></div></section>
  <${Multiples} docs=${docs} lines=${shown.lines} />`;
}

// ---- tables

const Number = ({ n, letters }) => html`<td class="number">${n === undefined ? "–" : html`${number(n)}<sup>${letters}</sup>`}</td>`;

/** The table behind the figure: every origin by each table and unit. */
export function AllOrigins({ docs, asked }) {
  const pairs = allRows(docs),
    letters = lettersOf(docs),
    [some, end] = useSome(pairs.length);
  return html`<details class="panel in all-origins"><summary><b>${_("All origins as a table")}</b> <span class="quiet">${_n("{n} row", "{n} rows", pairs.length)}</span></summary>
    <div class="scrolls" tabindex="0" role="region" aria-label=${_("All origins as a table")}><table class="origins-table"><thead>
      <tr><th></th>${docs.map((doc, t) => html`<th colspan="4" scope="colgroup" class="of-table">${_("Table {t}", { t: tableLetter(t) })} · ${basisWord(doc.table.basis)}</th>`)}</tr>
      <tr><th scope="col">${_("origin")}</th>${docs.map(() => html`<th scope="col" class="number">${_("rank")}</th>${UNITS.map((unit) => html`<th scope="col" class="number">${UNIT_WORDS[unit]()}</th>`)}`)}</tr></thead>
      <tbody>${pairs.slice(0, some).map(
        (pair) => html`<tr key=${pair.origin} class=${pair.origin === asked ? "strong" : ""}><th scope="row">${pair.name}</th>
        ${docs.map((_doc, t) => {
          const row = pair.rows[t];
          return html`<td class="number">${row?.rank ? number(row.rank) : "–"}</td>${UNITS.map((unit) => html`<${Number} n=${row && count(row, unit)} letters=${letters(row, t)} />`)}`;
        })}</tr>`,
      )}</tbody></table>
      <div ref=${end}></div></div></details>`;
}

const CLASSES = ["support", "against", "silent", "open"];
const splitOf = (row) => {
  const sums = { support: 0, against: 0, silent: 0, open: 0 };
  for (const [finding, n] of Object.entries(row?.findings ?? {})) sums[FINDINGS[finding] ?? "open"] += n;
  return sums;
};

/** Events of each origin by what the findings say of them: by table A, as only the placing differs. */
export function ByFindings({ docs, asked }) {
  if (!docs[0].total.findings) return null;
  const { lines, others } = ranking(docs, asked),
    letters = lettersOf(docs);
  const heads = { support: _("supported"), against: _("refuted"), silent: _("silent"), open: _("unanswered") };
  const rows = [...lines, ...others.filter((pair) => pair.rows[0])].filter((pair) => pair.rows[0]);
  const of = (row) => {
    const sums = splitOf(row),
      all = Math.max(
        1,
        CLASSES.reduce((n, c) => n + sums[c], 0),
      );
    return { sums, all };
  };
  const line = (key, name, row, strong) => {
    const { sums, all } = of(row);
    return html`<tr key=${key} class=${strong ? "strong" : ""}><th scope="row">${name}</th>
    <td class="split"><span class="bar" aria-hidden="true">${CLASSES.filter((c) => sums[c]).map((c) => html`<i key=${c} class="bar-part ${c}" ref=${(e) => e && (e.style.flex = sums[c] / all)}></i>`)}</span></td>
    ${CLASSES.map((c) => html`<${Number} n=${sums[c]} letters=${letters(row === docs[0].total ? undefined : row, 0)} />`)}</tr>`;
  };
  return html`<section class="panel" aria-labelledby="by-findings"><header><h2 id="by-findings">${_("Events by what the findings say of them")}</h2>
      <span class="end">${_("table {t}, in the order of the ranking, caveats {l}", { t: tableLetter(0), l: letters(undefined, 0) })}</span></header>
    <p class="in small quiet">${_("Silent is neither agreement nor disagreement.")} ${Object.entries(docs[0].total.findings)
      .map(([finding, n]) => `${word("finding", finding)} ${number(n)}`)
      .join(" · ")}</p>
    <div class="scrolls" tabindex="0" role="region" aria-label=${_("Events by what the findings say of them")}><table class="origins-table findings-split"><thead><tr><th scope="col">${_("origin")}</th><th></th>${CLASSES.map((c) => html`<th scope="col" class="number">${heads[c]}</th>`)}</tr></thead>
      <tbody>${rows.map((pair) => line(pair.origin, pair.name, pair.rows[0], pair.asked))}${line("total", _("all"), docs[0].total, true)}</tbody></table></div></section>`;
}
