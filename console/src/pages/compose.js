// A claim from logs on this machine, in six steps in any order: facts, origins, the competent department, words, handling,
// and reading it as the other side will.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { caseAddress, titled } from "../cases.js";
import { FactsStep, Hiding, isHidden, useFacts } from "../compose-facts.js";
import { OriginsStep } from "../compose-origins.js";
import { _, _n, language, number, word } from "../i18n.js";
import { forget, recall, remember, useTyped } from "../kept.js";
import { Key, useKeys } from "../keys.js";
import { Icon, Tlp } from "../parts.js";
import { go } from "../router.js";
import { filled, Line, Text, useRun } from "../sending.js";
import { utcFull } from "../time.js";

const LEVELS = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];
const SEVERITIES = ["baseline", "low", "medium", "high", "severe", "emergency"];
const CLASSES = ["influence-campaign", "monitoring-of-persons", "critical-infrastructure"];

const STEPS = ["facts", "origins", "to", "words", "tlp", "read"];
const STEP_NAMES = {
  facts: () => _("Facts"),
  origins: () => _("Origins"),
  to: () => _("Recipient"),
  words: () => _("Words"),
  tlp: () => _("Handling"),
  read: () => _("Read and clear"),
};

function Routes({ parties, choose }) {
  return html`<ul class="field">${parties.flatMap((p) =>
    p.routes.map(
      (r) => html`<li>${
        r.department
          ? html`<button type="button" class="link" onClick=${() => choose(`${p.party}/${r.department}`)}>${p.party}/${r.department}</button> ${r.title ?? ""}`
          : html`<b>${p.party}</b>: ${_("none is named")}`
      }
    <span class="quiet"> · ${_n("{n} fact", "{n} facts", r.rows)} · ${r.reasons.length ? r.reasons.map((x) => x.remit).join(", ") : _("no remit of theirs fits it")}</span></li>`,
    ),
  )}</ul>`;
}

const STATES = { met: () => _("there"), missing: () => _("missing"), "in words": () => _("to be said in words") };

function Checklist({ list }) {
  return html`<section class="panel" aria-labelledby="checklist"><header><h2 id="checklist">${_("Can it be checked?")}</h2></header>
    <div class="in"><dl class="pairs">${list.map((k) => html`<dt>${word("checklist", k.item)}</dt><dd>${k.state === "missing" && html`<${Icon} name="warning" /> `}${STATES[k.state]?.() ?? word("checklist", k.state)}${k.lacking ? html` <span class="quiet">${_("in {n} of {m} facts", { n: number(k.lacking), m: number(k.facts) })}</span>` : ""}</dd>`)}</dl>
      <p class="small quiet field">${_("Nothing is refused for what is missing.")}</p></div></section>`;
}

/** Which step one is in, which are done: any of them may be taken next. */
function Steps({ now, done, jump }) {
  return html`<ol class="compose-steps no-print" aria-label=${_("Steps")}>${STEPS.map(
    (name, i) => html`<li aria-current=${name === now ? "step" : undefined}>
    <button type="button" class="link" aria-keyshortcuts="Alt+${i + 1}" onClick=${() => jump(name)}><span class="n">${i + 1}</span><span><b>${STEP_NAMES[name]()}</b> <span class="small quiet">${name === now ? _("now") : done[name] ? _("done") : _("open")}</span></span></button></li>`,
  )}</ol>`;
}

/** The claim as the other side will read it: what is given, and what is not. */
function Preview({ facts, typed, to }) {
  const r = facts?.report,
    or = (text) => (text ? html`<bdi class="text">${text}</bdi>` : html`<span class="quiet">–</span>`);
  return html`<div class="preview" lang=${typed.lang || undefined}><p>${typed.tlp ? html`<${Tlp} level=${typed.tlp} />` : html`<span class="quiet">${_("No traffic light is chosen.")}</span>`}</p>
    <h3 dir="auto">${typed.title || "–"}</h3><p class="said" dir="auto">${typed.summary || "–"}</p>
    <dl class="pairs"><dt>${_("Recipient")}</dt><dd>${or(to)}</dd><dt>${_("Facts")}</dt><dd>${r ? html`${_n("{n} fact", "{n} facts", r.facts)}, ${_n("of {n} event", "of {n} events", r.events)} ${_n("by {n} source", "by {n} sources", r.sources)}${r.first_seen ? `; ${_("from {a} to {b}", { a: utcFull(r.first_seen), b: utcFull(r.last_seen) })}` : ""}` : or(facts?.sheet)}</dd>
      <dt>${_("Lines behind them")}</dt><dd>${facts?.evidence ? _("a commitment alone; lines are shown later, one by one") : _("none are committed to")}</dd>
      <dt>${_("Hidden")}</dt><dd>${facts?.hide.length ? facts.hide.join(", ") : _("nothing")}</dd>
      <dt>${_("Severity, by our own word")}</dt><dd>${or(typed.severity && word("severity", typed.severity))}</dd><dt>${_("Class")}</dt><dd>${or(typed.class && word("class", typed.class))}</dd></dl></div>`;
}

/** `Alt 1` to `Alt 6` lead to the steps, `Ctrl Enter` to the next, also while one types. */
function useSteps() {
  const [now, setNow] = useState("facts"),
    latest = useRef(now);
  latest.current = now;
  const jump = (name) => {
    const section = document.getElementById(`step-${name}`)?.closest("section");
    section?.scrollIntoView({ block: "start" });
    (section?.querySelector(":is(input, textarea, select, button):not(:disabled)") ?? section)?.focus({ preventScroll: true });
    setNow(name);
  };
  useEffect(() => {
    const pressed = (event) => {
      const at =
        event.altKey && /^[1-6]$/.test(event.key)
          ? Number(event.key) - 1
          : event.ctrlKey && event.key === "Enter"
            ? STEPS.indexOf(latest.current) + 1
            : -1;
      if (!STEPS[at] || event.target.closest?.("dialog")) return;
      event.preventDefault();
      jump(STEPS[at]);
    };
    const entered = (event) => {
      const name = event.target.closest?.("section.panel[aria-labelledby^='step-']")?.getAttribute("aria-labelledby").slice(5);
      if (name) setNow(name);
    };
    addEventListener("keydown", pressed);
    addEventListener("focusin", entered);
    return () => (removeEventListener("keydown", pressed), removeEventListener("focusin", entered));
  }, []);
  return [now, jump];
}

const useDeferred = (value) => {
  // not at each letter
  const [held, setHeld] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setHeld(value), 400);
    return () => clearTimeout(timer);
  }, [value]);
  return held;
};

export function Compose() {
  const [routes, setRoutes] = useState(null),
    [list, setList] = useState(null),
    [to, setTo] = useState(""),
    [origins, setOrigins] = useState(recall("compose-said") ?? "");
  const form = useRef(),
    asking = useRun(),
    checking = useRun(),
    { run, why, busy } = useRun(),
    [now, jump] = useSteps();
  const typed = useTyped(form, "compose");
  const route = async (given) => {
    const said = await asking.run("route", { words: [given.sheet] });
    setRoutes(said?.parties ?? null);
    const named = said?.parties.flatMap((p) => p.routes.filter((r) => r.department).map((r) => `${p.party}/${r.department}`)) ?? [];
    if (named.length === 1) setTo((old) => old || named[0]);
  };
  const made = useFacts(route),
    { facts } = made,
    ready = facts && isHidden(facts, typed);
  const claimed = {
    ...(facts ? { facts: facts.sheet, ...(facts.evidence ? { evidence: facts.evidence } : {}) } : {}),
    ...Object.fromEntries(["summary", "severity", "class"].map((n) => [n, typed[n]]).filter(([, v]) => v)),
  };
  const checked = useDeferred(JSON.stringify([facts?.report?.sheet, claimed]));
  useEffect(() => {
    if (facts) route(facts);
  }, []); // as it was before a reload
  useEffect(() => {
    if (facts) checking.run("claim", { options: { ...claimed, "check-only": true } }).then((said) => setList(said ?? null));
  }, [checked]);
  useKeys({ v: () => jump("read") });
  const say = (state) => {
    remember("compose-said", state);
    setOrigins(state);
  };
  const summary = (change) => {
    const field = form.current.elements.summary;
    field.value = change(field.value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const without = (text) => {
    const before = recall("compose-words");
    return before ? text.replace(before, "").trim() : text;
  };
  const keep = (words) => {
    summary((text) => [without(text), words].filter(Boolean).join("\n\n"));
    remember("compose-words", words);
    say("kept");
    jump("to");
  };
  const leave = () => {
    summary(without);
    forget("compose-words");
    say("left");
    jump("to");
  };
  const send = async (event) => {
    event.preventDefault();
    const fields = new FormData(event.target),
      draft = event.submitter?.value === "draft";
    const said = await run(
      "claim",
      {
        options: {
          ...claimed,
          to: to.trim(),
          draft,
          ...filled(fields, ["summary", "severity", "class", "title", "tlp", "lang", "own-number", "waive"]),
        },
      },
      draft ? "" : titled({ kind: "claim", title: typed.title }),
    );
    if (!said) return;
    forget("compose", "compose-facts", "compose-made", "compose-origins", "compose-said", "compose-words");
    go(draft || !said.case ? "/inbox" : caseAddress(said.case));
  };
  document.title = `${_("Compose a claim")} · parley desk`;
  const parties = [
    ...new Set((routes ?? []).flatMap((p) => [...p.routes.filter((r) => r.department).map((r) => `${p.party}/${r.department}`), p.party])),
  ];
  const done = {
    facts: Boolean(facts),
    origins: Boolean(origins),
    to: Boolean(to),
    words: Boolean(typed.title),
    tlp: Boolean(typed.tlp) && ready,
    read: false,
  };
  return html`<div class="head"><div><h1>${_("Compose a claim")}</h1><p class="quiet">${_("The sheet of facts is sent, and of the lines behind it only a commitment. The origin of traffic is not its author.")}</p></div>
      <button type="button" class="no-print" onClick=${() => jump("read")}>${_("Preview as they will see it")} <${Key} name="v" /></button></div>
    <div class="composing"><${Steps} now=${now} done=${done} jump=${jump} /><div class="stack">
      <${FactsStep} made=${made} />
      <${OriginsStep} facts=${facts} keep=${keep} leave=${leave} state=${origins} />
      <form class="stack" ref=${form} onSubmit=${send}>
        <section class="panel" aria-labelledby="step-to"><header><h2 id="step-to">3. ${_("Recipient")}</h2></header><div class="in">
          <label class="field"><span>${_("Party and department, as cert.south.example/abuse")}</span><input name="to" required list="parties" value=${to} onInput=${(e) => setTo(e.target.value)} /></label>
          <datalist id="parties">${parties.map((p) => html`<option value=${p}></option>`)}</datalist>
          ${asking.why && html`<p class="attn" role="alert">${asking.why}</p>`}
          ${routes && html`<${Routes} parties=${routes} choose=${setTo} />`}</div></section>
        <section class="panel" aria-labelledby="step-words"><header><h2 id="step-words">4. ${_("Words")}</h2></header><div class="in">
          <${Line} name="title" required label=${_("In one line")} />
          <${Text} name="summary" label=${_("Summary")} />
          <div class="fields field"><label><span>${_("Language of the text, as en, fr, ru")}</span><input name="lang" defaultValue=${language()} maxlength="35" /></label>
            <label><span>${_("Severity, by our own word")}</span><select name="severity"><option value="">–</option>${SEVERITIES.map((w) => html`<option value=${w}>${word("severity", w)}</option>`)}</select></label>
            <label><span>${_("Class")}</span><select name="class"><option value="">–</option>${CLASSES.map((w) => html`<option value=${w}>${word("class", w)}</option>`)}</select></label>
            <label><span>${_("The number in our own files")}</span><input name="own-number" /></label></div></div></section>
        <section class="panel" aria-labelledby="step-tlp"><header><h2 id="step-tlp">5. ${_("Handling")}</h2></header><div class="in">
          <label class="field"><span>${_("Traffic light")}</span><select name="tlp" required><option value="">–</option>${LEVELS.map((l) => html`<option value=${l}>TLP:${l}</option>`)}</select></label>
          <${Hiding} made=${made} typed=${typed} />
          <${Line} name="waive" label=${_("Why it is sent, where addresses in it are doubtful")} /></div></section>
        <section class="panel" aria-labelledby="step-read" tabindex="-1"><header><h2 id="step-read">6. ${_("Read and clear")}</h2><span class="end">${_("A draft is for another officer to clear.")}</span></header><div class="in">
          <${Preview} facts=${facts} typed=${typed} to=${to} />
          ${why && html`<p class="attn" role="alert">${why}</p>`}
          ${!facts && html`<p class="quiet">${_("Take the facts first.")}</p>`}
          <p class="buttons field"><button class="primary" value="send" disabled=${busy || !ready}>${_("Send")}</button><button value="draft" disabled=${busy || !ready}>${_("Keep as a draft")}</button></p></div></section>
      </form></div>
      <div class="stack">${checking.why && html`<p class="attn" role="alert">${checking.why}</p>`}${Array.isArray(list) && html`<${Checklist} list=${list} />`}</div></div>
    <p class="small quiet field no-print"><kbd>Alt 1</kbd>–<kbd>6</kbd> ${_("steps")} · <kbd>Ctrl Enter</kbd> ${_("next")} · <${Key} name="v" /> ${_("preview")} · ${_("kept as you type, in this tab, until the desk is locked")}</p>`;
}
