// How both sides have dealt with each other: the same numbers in both directions, side by side, and no score.
import { html } from "htm/preact";
import { _, number } from "../i18n.js";
import { useApi } from "../live.js";
import { Trouble, Us, Waiting } from "../parts.js";
import { openReport } from "../report.js";
import { useState } from "preact/hooks";
import { span, when } from "../time.js";

const ROWS = () => [
  [
    _("Cases and messages"),
    [
      ["messages", _("messages")],
      ["claims", _("claims raised")],
      ["inquiries", _("inquiries made")],
      ["facts", _("facts stated")],
      ["inadmissible", _("inadmissible claims")],
      ["corrected", _("claims corrected")],
      ["withdrawn", _("cases withdrawn")],
      ["offers", _("proposals")],
      ["offers_accepted", _("of its proposals, accepted")],
      ["offers_declined", _("of its proposals, declined")],
      ["offers_open", _("of its proposals, open")],
    ],
  ],
  [
    _("Answers to the other side's facts"),
    [
      ["answered", _("facts answered")],
      ["covered", _("of these, within stated coverage")],
      ["confirmed", _("confirmed")],
      ["remediated", _("remediated")],
      ["relayed", _("relayed")],
      ["refuted", _("refuted")],
      ["not-seen", _("not seen")],
      ["no-records", _("no records")],
      ["not-ours", _("not ours")],
      ["insufficient", _("insufficient")],
      ["declined", _("cases declined")],
      ["transferred", _("cases passed on")],
      ["reversals", _("findings reversed")],
    ],
  ],
  [
    _("Times"),
    [
      ["acknowledge_time", _("until acknowledged")],
      ["answer_time", _("until answered")],
      ["receipt_time", _("until receipted")],
    ],
  ],
  [
    _("Past their time, or without a receipt"),
    [
      ["acknowledge_due", _("acknowledgements due")],
      ["acknowledge_lapsed", _("acknowledgements lapsed")],
      ["answer_due", _("answers due")],
      ["answer_lapsed", _("answers lapsed")],
      ["answer_open", _("answers still open")],
      ["unreceipted", _("messages without a receipt of it")],
      ["unreadable", _("messages it could not open")],
    ],
  ],
  [
    _("Together"),
    [
      ["consulted", _("meetings")],
      ["settled", _("settled cases")],
      ["reopened", _("cases reopened")],
      ["contradictions", _("contradictions")],
    ],
  ],
];

function shown(value) {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number") return number(value);
  if (!value.count) return html`<span class="quiet">${_("none (n = 0)")}</span>`;
  const long = (s) => span(s * 1000);
  return html`<b>${_("median {d}", { d: long(value.median_seconds) })}</b><div class="small quiet">${_("nine of ten within {a}, longest {b}, n = {n}", { a: long(value.ninth_decile_seconds), b: long(value.longest_seconds), n: number(value.count) })}</div>`;
}

function Numbers({ party, own }) {
  const { data, fault } = useApi("review", { words: [party] });
  const [why, setWhy] = useState("");
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const sides = Object.keys(data.by).sort();
  return html`<${Trouble} fault=${fault} />
    <p class="quiet">${_("As of {T}, records to {cut}. Both columns are counted by one rule, each party's own acts in its own; they are no score.", { T: when(data.as_of), cut: sides.map((s) => data.cut[s].map(number).join("+")).join(", ") })}</p>
    ${why && html`<p class="attn" role="alert">${why}</p>`}
    <p class="buttons no-print"><button onClick=${() => openReport("review", { words: [party], options: { "as-of": data.as_of } }).catch((e) => setWhy(e.message))}>${_("Report for paper, with plots")}</button><button onClick=${() => print()}>${_("Print")}</button></p>
    ${ROWS().map(
      ([
        title,
        rows,
      ]) => html`<section class="panel"><table class="twosided"><thead><tr><th scope="col">${title}</th>${sides.map((s) => html`<th scope="col" class="number">${s}<${Us} party=${s} own=${own} /></th>`)}</tr></thead>
      <tbody>${rows.filter(([k]) => sides.some((s) => data.by[s][k] !== undefined)).map(([k, says]) => html`<tr><th scope="row">${says}</th>${sides.map((s) => html`<td class="number">${shown(data.by[s][k])}</td>`)}</tr>`)}</tbody></table></section>`,
    )}`;
}

export function Review({ session, place }) {
  const { data, fault } = useApi("peers");
  document.title = `${_("Review")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const parties = [...new Set(data.peers.filter((p) => !p.drill && p.state !== "offered").map((p) => p.party))];
  const party = parties.includes(place.path[1]) ? place.path[1] : parties[0];
  return html`<h1>${party ? _("How we and {P} have dealt with each other", { P: party }) : _("No channel is open yet.")}</h1>
    ${parties.length > 1 && html`<nav class="chips" aria-label=${_("Parties")}>${parties.map((p) => html`<a class="button chip" href="/review/${p}" aria-current=${p === party ? "true" : undefined}>${p}</a>`)}</nav>`}
    ${party && html`<div class="stack"><${Numbers} key=${party} party=${party} own=${session.party} /></div>`}`;
}
