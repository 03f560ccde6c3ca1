// From where the sources of a case or of a sheet come, by two tables: the figure at full width, and what both sides made of it.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";
import { caseAddress, titled } from "../cases.js";
import { _, _n } from "../i18n.js";
import { useKeys } from "../keys.js";
import { refresh, useApi } from "../live.js";
import { NoTables, TableFields, usual, useTables } from "../origins-asking.js";
import { agreement, named, originName, standing, UNITS } from "../origins-data.js";
import { AllOrigins, ByFindings, Figure } from "../origins-figure.js";
import { Joint } from "../origins-joint.js";
import { plain, Tlp, Trouble, Waiting } from "../parts.js";
import { go, setQuery } from "../router.js";

const CHOICES = 50;
const FIELDS = ["of", "a", "b", "rank", "findings", "relays", "cgnat", "suppress"];

function Asking({ place, tables, cases, given }) {
  const form = useRef(),
    at = (name) => place.query.get(name) ?? "";
  const stands = { ...Object.fromEntries(FIELDS.map((name) => [name, at(name)])), a: given[0], b: given[1] };
  const ask = (event) => {
    event.preventDefault();
    const typed = new FormData(event.target);
    setQuery({ ...Object.fromEntries(FIELDS.map((name) => [name, typed.get(name).trim()])), alone: typed.get("b") ? "" : "1" });
    refresh(); // the file may be another one by now
  };
  useEffect(() => {
    // the fields say what the address says, also where a link led here
    for (const [name, value] of Object.entries(stands))
      if (form.current.elements[name].value !== value) form.current.elements[name].value = value;
  }, [JSON.stringify(stands)]);
  return html`<form class="panel in asking no-print" ref=${form} onSubmit=${ask}><div class="fields">
      <label><span>${_("A case, or the file of a sheet of facts")}</span><input name="of" required list="cases" spellcheck="false" autocomplete="off" /></label>
      <datalist id="cases">${(cases ?? []).filter((c) => c.facts).map((c) => html`<option value=${c.case.split("/")[1]}>${plain(titled(c), 80)}</option>`)}</datalist>
      <${TableFields} tables=${tables} given=${given} />
      <label><span>${_("Told apart: FR, or AS64500")}</span><input name="rank" spellcheck="false" pattern="[A-Z]{2}|AS[0-9]+" /></label></div>
    <details class="field" open=${["findings", "relays", "cgnat", "suppress"].some(at)}><summary>${_("Lists and findings")}</summary><div class="fields field">
      <label><span>${_("Known relays and exits: a list of addresses")}</span><input name="relays" spellcheck="false" /></label>
      <label><span>${_("Addresses that many share: a list")}</span><input name="cgnat" spellcheck="false" /></label>
      <label><span>${_("Put together origins with fewer sources than")}</span><input type="number" min="0" name="suppress" /></label>
      <label><span>${_("Of a sheet: the file of findings")}</span><input name="findings" spellcheck="false" /></label></div></details>
    <p class="buttons field"><button class="primary">${_("Count the origins")}</button></p></form>`;
}

/** What the address asks for, as the call of the command; null: nothing yet. */
function callOf(place, [a, b]) {
  const at = (name) => place.query.get(name) ?? "";
  if (!at("of") || !a) return null;
  const lists = Object.fromEntries(["findings", "relays", "cgnat"].map((name) => [name, at(name)]).filter(([, file]) => file));
  const below = Number(at("suppress"));
  return {
    words: [at("of")],
    options: {
      territory: b ? [a, b] : [a],
      by: at("by") === "as" ? "as" : "country",
      unit: UNITS.includes(at("unit")) ? at("unit") : "sources",
      ...lists,
      ...(below ? { suppress: below } : {}),
    },
  };
}

function Counted({ call, asked, own, cases }) {
  const { data, fault } = useApi("origins", call);
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const now = [].concat(data),
    told = asked && now.map((doc) => doc.rows.find((row) => row.origin === asked)).find(Boolean);
  const matter = now[0].case && cases?.find((c) => c.case === now[0].case);
  return html`<${Trouble} fault=${fault} />
    ${matter && html`<p><${Tlp} level=${matter.tlp} /> <a href=${caseAddress(matter.case)}><bdi class="text">${titled(matter)}</bdi></a></p>`}
    <p class="answer">${agreement(now)}${asked ? html` <b>${told ? named(originName(asked, told.as_name, now[0].by), standing(now, asked)) : named(asked, _("it is not among the origins."))}</b>` : ""}</p>
    <${Figure} docs=${now} asked=${asked} call=${{ ...call, options: { ...call.options, ...(told ? { rank: asked } : {}) } }} choose=${(change) => setQuery(change)} />
    <${ByFindings} docs=${now} asked=${asked} />
    <${AllOrigins} docs=${now} asked=${asked} />
    ${now[0].case && html`<${Joint} matter=${now[0].case} call=${call} docs=${now} own=${own} />`}`;
}

/** Where nothing is asked yet: what could be. */
function Choices({ cases }) {
  const counted = (cases ?? []).filter((c) => c.facts);
  return html`<section class="panel in" aria-label=${_("Cases with facts")}>${
    counted.length
      ? html`<p>${_("Choose a case, or name the file of a sheet above.")}</p>
      <ul class="field">${counted.slice(0, CHOICES).map((c) => html`<li key=${c.case}><a href="/origins?of=${encodeURIComponent(c.case.split("/")[1])}"><bdi class="text">${titled(c)}</bdi></a> <span class="quiet">${_n("{n} fact", "{n} facts", c.facts)}</span></li>`)}</ul>`
      : html`<p>${_("There is no case with facts. Name the file of a sheet above.")}</p>`
  }</section>`;
}

export function Origins({ session, place }) {
  const tables = useTables(),
    { data: cases } = useApi("cases", { options: { brief: true } });
  useKeys({ Escape: () => go("/cases") });
  document.title = `${_("Origins")} · parley desk`;
  if (!tables) return html`<h1>${_("Origins")}</h1><${Waiting} />`;
  const [a, b] = usual(tables),
    given = [place.query.get("a") ?? a, place.query.get("b") ?? (place.query.has("alone") ? "" : b)];
  const call = callOf(place, given);
  return html`<h1>${_("Origins")}</h1>
    <p class="quiet">${_("Counted on this machine, of one sheet of facts. The origin of traffic is not its author.")}</p>
    <div class="stack">${tables.length === 0 && html`<${NoTables} />`}
      <${Asking} place=${place} tables=${tables} cases=${cases} given=${given} />
      ${!call && cases && html`<${Choices} cases=${cases} />`}
      ${call && html`<${Counted} call=${call} asked=${place.query.get("rank") ?? ""} own=${session.party} cases=${cases} />`}</div>`;
}
