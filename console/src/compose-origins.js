// The second step of a claim: from where its sources come, by two tables, and what the claim may say of it.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { _, number } from "./i18n.js";
import { useTyped } from "./kept.js";
import { useApi } from "./live.js";
import { NoTables, TableFields, usual, useTables } from "./origins-asking.js";
import { agreement, basisWord, count, lettersOf, originName, standing, tableLetter, UNIT_WORDS } from "./origins-data.js";
import { Figure } from "./origins-figure.js";
import { Trouble, Waiting } from "./parts.js";
import { utcFull } from "./time.js";

/** What the claim says of its origins: never by one of two tables, never without the first caveat and the tables. */
export function claimSays(docs, asked) {
  const row = asked && docs.map((doc) => doc.rows.find((r) => r.origin === asked)).find(Boolean);
  const first = row
    ? _("{name}, by number of {unit}: {standing}", {
        name: originName(asked, row.as_name, docs[0].by),
        unit: UNIT_WORDS[docs[0].unit](),
        standing: standing(docs, asked),
      })
    : agreement(docs);
  const tables = docs.map((doc, t) =>
    _("Table {t}: {name}, basis {b}, of {T}, {hash}.", {
      t: tableLetter(t),
      name: doc.table.name,
      b: basisWord(doc.table.basis),
      T: utcFull(doc.table.date),
      hash: doc.table.hash,
    }),
  );
  return [first, _("The origin of traffic is not its author."), ...tables].join(" ");
}

/** How much comes from where the claim goes, by each table. */
function Share({ docs, asked }) {
  const letters = lettersOf(docs),
    { unit } = docs[0],
    rows = docs.map((doc) => doc.rows.find((row) => row.origin === asked));
  const name = originName(asked, rows.find(Boolean)?.as_name, docs[0].by);
  return html`<div class="note answer"><h3>${_("The recipient’s share")}</h3><p><b>${name}</b>: ${docs.map((doc, t) => html`${t ? "; " : ""}${_("rank {r} by table {t}", { r: rows[t]?.rank ? number(rows[t].rank) : "–", t: tableLetter(t) })} (${number(count(rows[t], unit))}<sup>${letters(rows[t], t)}</sup> / ${number(doc.total[unit])})`)}.</p>
    <p class="small quiet">${_("What the claim says of it: “{words}” The desk offers no shorter wording.", { words: standing(docs, asked) })}</p></div>`;
}

function Counted({ call, asked, choose, keep, leave, state }) {
  const { data, fault } = useApi("origins", call, false);
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const docs = [].concat(data),
    known = asked && docs.some((doc) => doc.rows.some((row) => row.origin === asked));
  return html`<${Trouble} fault=${fault} /><p>${agreement(docs)}</p>
    <div class="stack"><${Figure} docs=${docs} asked=${asked} choose=${choose} call=${{ ...call, options: { ...call.options, ...(known ? { rank: asked } : {}) } }} />
      ${asked && html`<${Share} docs=${docs} asked=${asked} />`}</div>
    <p class="buttons field"><button type="button" class="primary" onClick=${() => keep(claimSays(docs, asked))}>${docs[1] ? _("Say it by both tables and go on") : _("Say it by this table and go on")}</button>
      <button type="button" onClick=${leave}>${_("Leave origins out")}</button><span class="small quiet" role="status">${state === "kept" ? _("It stands in the summary.") : state === "left" ? _("The claim says nothing of origins.") : ""}</span></p>`;
}

/** Until the tables of the home are known there is no form; then it begins with them. */
function Asking({ tables, facts, ...rest }) {
  const form = useRef(),
    [counts, setCounts] = useState({ unit: "sources", by: "country" });
  const typed = useTyped(form, "compose-origins"),
    asked = /^([A-Z]{2}|AS\d+)$/.test(typed.rank ?? "") ? typed.rank : "";
  const call = facts && typed.a ? { words: [facts.sheet], options: { territory: [typed.a, typed.b].filter(Boolean), ...counts } } : null;
  return html`<form ref=${form} onSubmit=${(e) => e.preventDefault()}><div class="fields"><${TableFields} tables=${tables} given=${usual(tables)} needed=${false} />
      <label><span>${_("The recipient’s country, as FR")}</span><input name="rank" spellcheck="false" pattern="[A-Z]{2}|AS[0-9]+" /></label></div></form>
    ${!tables.length && html`<${NoTables} />`}
    ${!facts ? html`<p class="quiet field">${_("Take the facts first.")}</p>` : call && html`<div class="field"><${Counted} key=${facts.report?.sheet ?? facts.sheet} call=${call} asked=${asked} choose=${(change) => setCounts((old) => ({ ...old, ...change }))} ...${rest} /></div>`}`;
}

/** `keep(words)` puts them into the claim; `leave()`: it says nothing of origins; `state`: which of them was chosen. */
export function OriginsStep(given) {
  const tables = useTables();
  return html`<section class="panel" aria-labelledby="step-origins"><header><h2 id="step-origins">2. ${_("Origins")}</h2></header><div class="in">
    ${tables ? html`<${Asking} tables=${tables} ...${given} />` : html`<${Waiting} />`}</div></section>`;
}
