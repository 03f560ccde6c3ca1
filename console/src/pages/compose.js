// A claim from logs on this machine: facts, the competent department, words, what can be checked of it, and sending it.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { caseAddress } from "../cases.js";
import { _, _n, language, number, word } from "../i18n.js";
import { Icon } from "../parts.js";
import { go } from "../router.js";
import { filled, Line, LogFields, logOptions, logsOf, Progress, Text, useRun } from "../sending.js";
import { utcFull } from "../time.js";

const LEVELS = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];
const SEVERITIES = ["baseline", "low", "medium", "high", "severe", "emergency"];
const CLASSES = ["influence-campaign", "monitoring-of-persons", "critical-infrastructure"];

function Report({ report: r }) {
  const formats = r.files.map((f) => `${f.name}: ${f.format}`).join(", "), unread = r.reasons.filter((x) => x.verdict === "reject");
  return html`<div role="status" class="field"><p><b>${_n("{n} fact", "{n} facts", r.facts)}</b>, ${_n("of {n} event", "of {n} events", r.events)} ${_n("by {n} source", "by {n} sources", r.sources)}${r.first_seen ? `; ${_("from {a} to {b}", { a: utcFull(r.first_seen), b: utcFull(r.last_seen) })}` : ""}.</p>
    <p class="quiet">${_n("{n} line was read.", "{n} lines were read.", r.lines)} <bdi>${formats}</bdi>. ${r.zoneless ? _("Some times name no zone: they are read as UTC, unless a zone is given.") : ""}</p>
    ${unread.length > 0 && html`<p>${_n("{n} line could not be read", "{n} lines could not be read", unread.reduce((n, x) => n + x.count, 0))}: ${unread.map((x) => `${x.reason} ${number(x.count)}`).join(", ")}.</p>`}</div>`;
}

/** The facts: made of logs into a sheet, or a sheet that is there already. */
function FactsStep({ made }) {
  const { run, why, busy, says } = useRun(), [report, setReport] = useState(null);
  const make = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target), sheet = form.get("sheet").trim(), logs = logsOf(form);
    const evidence = logs.length && form.get("evidence") ? `${sheet}.evidence` : "";
    setReport(null);
    if (!logs.length) return made({ sheet, evidence: "" });
    const said = await run("facts", { words: logs, options: { ...logOptions(form), o: sheet, ...(evidence ? { evidence } : {}) } });
    if (!said) return;
    setReport(said);
    made({ sheet, evidence });
  };
  return html`<section class="panel" aria-labelledby="step-facts"><header><h2 id="step-facts">1. ${_("Facts")}</h2></header><form class="in" onSubmit=${make}>
    <${LogFields} />
    <${Line} name="sheet" required label=${_("File of the sheet of facts")} hint=${_("A path on this machine. Without logs, the sheet that is there is taken.")} spellcheck="false" />
    <label class="check field"><input type="checkbox" name="evidence" checked /> ${_("Keep the lines behind the facts beside it, to be shown later")}</label>
    ${why && html`<p class="attn field" role="alert">${why}</p>`}
    <p class="buttons field"><button class="primary" disabled=${busy}>${_("Take the facts")}</button></p>
    <${Progress} busy=${busy} says=${says} />
    ${report && html`<${Report} report=${report} />`}</form></section>`;
}

function Routes({ parties, choose }) {
  return html`<ul class="field">${parties.flatMap((p) => p.routes.map((r) => html`<li>${r.department
    ? html`<button type="button" class="link" onClick=${() => choose(`${p.party}/${r.department}`)}>${p.party}/${r.department}</button> ${r.title ?? ""}` : html`<b>${p.party}</b>: ${_("none is named")}`}
    <span class="quiet"> · ${_n("{n} fact", "{n} facts", r.rows)} · ${r.reasons.length ? r.reasons.map((x) => x.remit).join(", ") : _("no remit of theirs fits it")}</span></li>`))}</ul>`;
}

const STATES = { met: () => _("there"), missing: () => _("missing"), "in words": () => _("to be said in words") };

function Checklist({ list }) {
  return html`<section class="panel" aria-labelledby="checklist"><header><h2 id="checklist">${_("Can it be checked?")}</h2></header>
    <div class="in"><dl class="pairs">${list.map((k) => html`<dt>${word("checklist", k.item)}</dt><dd>${k.state === "missing" && html`<${Icon} name="warning" /> `}${STATES[k.state]?.() ?? word("checklist", k.state)}${k.lacking ? html` <span class="quiet">${_("in {n} of {m} facts", { n: number(k.lacking), m: number(k.facts) })}</span>` : ""}</dd>`)}</dl>
      <p class="small quiet field">${_("Nothing is refused for what is missing.")}</p></div></section>`;
}

export function Compose() {
  const [facts, setFacts] = useState(null), [routes, setRoutes] = useState(null), [list, setList] = useState(null), [to, setTo] = useState("");
  const form = useRef(), asking = useRun(), checking = useRun(), { run, why, busy } = useRun();
  const claimed = (given) => {
    const fields = new FormData(form.current);
    return { facts: given.sheet, ...(given.evidence ? { evidence: given.evidence } : {}), ...filled(fields, ["summary", "severity", "class"]) };
  };
  const check = async (given = facts) => given && setList((await checking.run("claim", { options: { ...claimed(given), "check-only": true } })) ?? null);
  const made = async (given) => {
    setFacts(given);
    check(given);
    const said = await asking.run("route", { words: [given.sheet] });
    setRoutes(said?.parties ?? null);
    const named = said?.parties.flatMap((p) => p.routes.filter((r) => r.department).map((r) => `${p.party}/${r.department}`)) ?? [];
    if (named.length === 1) setTo((typed) => typed || named[0]);
  };
  const send = async (event) => {
    event.preventDefault();
    const fields = new FormData(event.target), draft = event.submitter?.value === "draft";
    const said = await run("claim", { options: { ...claimed(facts), to: to.trim(), draft, ...filled(fields, ["title", "tlp", "lang", "own-number", "waive"]) } });
    if (said) go(draft || !said.case ? "/inbox" : caseAddress(said.case));
  };
  document.title = `${_("Compose a claim")} · parley desk`;
  const parties = [...new Set((routes ?? []).flatMap((p) => [...p.routes.filter((r) => r.department).map((r) => `${p.party}/${r.department}`), p.party]))];
  return html`<h1>${_("Compose a claim")}</h1><p class="quiet">${_("The sheet of facts is sent, and of the lines behind it only a commitment. The origin of traffic is not its author.")}</p>
    <div class="columns"><div class="stack">
      <${FactsStep} made=${made} />
      <form class="stack" ref=${form} onSubmit=${send} onChange=${(e) => ["summary", "severity", "class"].includes(e.target.name) && check()}>
        <section class="panel" aria-labelledby="step-to"><header><h2 id="step-to">2. ${_("Recipient")}</h2></header><div class="in">
          <label class="field"><span>${_("Party and department, as cert.south.example/abuse")}</span><input name="to" required list="parties" value=${to} onInput=${(e) => setTo(e.target.value)} /></label>
          <datalist id="parties">${parties.map((p) => html`<option value=${p}></option>`)}</datalist>
          ${asking.why && html`<p class="attn" role="alert">${asking.why}</p>`}
          ${routes && html`<${Routes} parties=${routes} choose=${setTo} />`}</div></section>
        <section class="panel" aria-labelledby="step-words"><header><h2 id="step-words">3. ${_("Words")}</h2></header><div class="in">
          <${Line} name="title" required label=${_("In one line")} />
          <${Text} name="summary" label=${_("Summary")} />
          <div class="fields field"><label><span>${_("Language of the text, as en, fr, ru")}</span><input name="lang" value=${language()} maxlength="35" /></label>
            <label><span>${_("Severity, by our own word")}</span><select name="severity"><option value="">–</option>${SEVERITIES.map((w) => html`<option value=${w}>${word("severity", w)}</option>`)}</select></label>
            <label><span>${_("Class")}</span><select name="class"><option value="">–</option>${CLASSES.map((w) => html`<option value=${w}>${word("class", w)}</option>`)}</select></label>
            <label><span>${_("The number in our own files")}</span><input name="own-number" /></label></div></div></section>
        <section class="panel" aria-labelledby="step-tlp"><header><h2 id="step-tlp">4. ${_("Handling")}</h2></header><div class="in">
          <label class="field"><span>${_("Traffic light")}</span><select name="tlp" required><option value="">–</option>${LEVELS.map((l) => html`<option value=${l}>TLP:${l}</option>`)}</select></label>
          <${Line} name="waive" label=${_("Why it is sent, where addresses in it are doubtful")} /></div></section>
        <div class="panel in">
          ${why && html`<p class="attn" role="alert">${why}</p>`}
          ${!facts && html`<p class="quiet">${_("Take the facts first.")}</p>`}
          <p class="buttons"><button class="primary" value="send" disabled=${busy || !facts}>${_("Send")}</button><button value="draft" disabled=${busy || !facts}>${_("Keep as a draft")}</button></p></div>
      </form></div>
      <div class="stack">${checking.why && html`<p class="attn" role="alert">${checking.why}</p>`}${Array.isArray(list) && html`<${Checklist} list=${list} />`}</div></div>`;
}
