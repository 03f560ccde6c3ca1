// The first step of a claim: its facts, made of logs into a sheet, or a sheet that is there already; and what of them is
// hidden before they are committed to.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { _, _n, number } from "./i18n.js";
import { recall, remember, useTyped } from "./kept.js";
import { Line, LogFields, logOptions, logsOf, Progress, useRun } from "./sending.js";
import { utcFull } from "./time.js";

export const HIDES = ["user", "dst_ip", "object"];
const HIDE_WORDS = {
  user: () => _("names of users"),
  dst_ip: () => _("destination addresses"),
  object: () => _("objects, as pages and files"),
};

/** {facts, take, why, busy, says}: what was taken last, also before a reload; `take(asked)` makes or takes a sheet. */
export function useFacts(taken) {
  const { run, why, busy, says } = useRun(),
    [facts, setFacts] = useState(recall("compose-made") ?? null);
  const keep = (now) => {
    remember("compose-made", now);
    setFacts(now);
    taken(now);
  };
  const take = async (asked) => {
    const { logs, sheet, evidence, options, hide } = asked;
    if (!logs.length) return keep({ ...asked, evidence: "", report: null });
    const report = await run("facts", {
      words: logs,
      options: { ...options, o: sheet, ...(evidence ? { evidence } : {}), ...(hide.length ? { hide: hide.join(",") } : {}) },
    });
    if (report) keep({ ...asked, report });
  };
  return { facts, take, why, busy, says };
}

function Report({ report: r }) {
  const formats = r.files.map((f) => `${f.name}: ${f.format}`).join(", "),
    unread = r.reasons.filter((x) => x.verdict === "reject");
  return html`<div role="status" class="field"><p><b>${_n("{n} fact", "{n} facts", r.facts)}</b>, ${_n("of {n} event", "of {n} events", r.events)} ${_n("by {n} source", "by {n} sources", r.sources)}${r.first_seen ? `; ${_("from {a} to {b}", { a: utcFull(r.first_seen), b: utcFull(r.last_seen) })}` : ""}.</p>
    <p class="quiet">${_n("{n} line was read.", "{n} lines were read.", r.lines)} <bdi>${formats}</bdi>. ${r.zoneless ? _("Some times name no zone: they are read as UTC, unless a zone is given.") : ""}</p>
    ${
      unread.length > 0 &&
      html`<p>${_n(
        "{n} line could not be read",
        "{n} lines could not be read",
        unread.reduce((n, x) => n + x.count, 0),
      )}: ${unread.map((x) => `${x.reason} ${number(x.count)}`).join(", ")}.</p>`
    }</div>`;
}

export function FactsStep({ made }) {
  const form = useRef(),
    { facts, take, why, busy, says } = made;
  useTyped(form, "compose-facts");
  const make = (event) => {
    event.preventDefault();
    const fields = new FormData(event.target),
      sheet = fields.get("sheet").trim(),
      logs = logsOf(fields);
    take({
      sheet,
      logs,
      evidence: fields.get("evidence") ? `${sheet}.evidence` : "",
      options: logOptions(fields),
      hide: logs.length ? (facts?.hide ?? []) : [],
    });
  };
  return html`<section class="panel" aria-labelledby="step-facts"><header><h2 id="step-facts">1. ${_("Facts")}</h2></header><form class="in" ref=${form} onSubmit=${make}>
    <${LogFields} />
    <${Line} name="sheet" required label=${_("File of the sheet of facts")} hint=${_("A path on this machine. Without logs, the sheet that is there is taken.")} spellcheck="false" />
    <label class="check field"><input type="checkbox" name="evidence" defaultChecked /> ${_("Keep the lines behind the facts beside it, to be shown later")}</label>
    ${why && html`<p class="attn field" role="alert">${why}</p>`}
    <p class="buttons field"><button class="primary" disabled=${busy}>${_("Take the facts")}</button></p>
    <${Progress} busy=${busy} says=${says} />
    ${facts?.report && html`<${Report} report=${facts.report} />`}</form></section>`;
}

/** Whether what is ticked is what is hidden in the facts that were taken. */
export const hidesOf = (typed) => HIDES.filter((name) => typed[`hide-${name}`]);
export const isHidden = (facts, typed) => !facts || !facts.logs.length || hidesOf(typed).join() === facts.hide.join();

/** Within Handling: columns in whose place tokens are put, in facts and lines alike, before the claim commits to them. */
export function Hiding({ made, typed }) {
  const { facts, take, busy, says, why } = made,
    ready = Boolean(facts?.logs.length),
    whole = facts?.report?.hidden_whole;
  return html`<fieldset class="field"><legend>${_("Hide before the claim commits to them")}</legend>
    ${HIDES.map((name) => html`<label class="check"><input type="checkbox" name="hide-${name}" disabled=${!ready} /> ${HIDE_WORDS[name]()}</label>`)}
    <p class="small quiet">${ready || !facts ? _("A token stands in the place of each value, the same for the same value; the key to tell which stays beside the sheet. Sources are never hidden.") : _("The sheet was made before: what is hidden is chosen where facts are made of logs.")}</p>
    ${ready && !isHidden(facts, typed) && html`<p class="field"><button type="button" disabled=${busy} onClick=${() => take({ ...facts, hide: hidesOf(typed) })}>${_("Make the facts again so")}</button> <span class="small">${_("Until then nothing can be sent.")}</span></p><${Progress} busy=${busy} says=${says} />`}
    ${ready && facts.hide.length > 0 && isHidden(facts, typed) && html`<p role="status"><b>${_("Hidden: {what}.", { what: facts.hide.map((name) => HIDE_WORDS[name]()).join(", ") })}</b>${whole ? ` ${_n("{n} line is hidden as a whole.", "{n} lines are hidden as a whole.", whole)}` : ""}</p>`}
    ${why && html`<p class="attn" role="alert">${why}</p>`}</fieldset>`;
}
