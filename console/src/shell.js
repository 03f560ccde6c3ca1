// The frame of every page: who one is, where one can go, in which language, until when the keys are open.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lastAsked, lock } from "./api.js";
import { _, _n, language } from "./i18n.js";
import { Key, keyFor, keysAreOn, moveKey, setKeys, useKeys } from "./keys.js";
import { onRefresh, useApi, useNow } from "./live.js";
import { again as sendAgain, drop, useQueue } from "./queue.js";
import { FIRST, waits as waitsOf } from "./cases.js";
import { Icon } from "./parts.js";
import { back, go } from "./router.js";
import { localClock, utcClock, utcDay } from "./time.js";

/** Every page: its address, the key behind `g`, its name; a null is a line between. */
const PAGES = [
  ["today", "t", () => _("Today")],
  ["inbox", "i", () => _("Inbox")],
  ["cases", "c", () => _("Cases")],
  ["consultations", "n", () => _("Consultations")],
  ["proposals", "p", () => _("Proposals")],
  null,
  ["compose", "m", () => _("Compose")],
  ["check", "h", () => _("Check logs")],
  ["origins", "o", () => _("Origins")],
  null,
  ["directory", "d", () => _("Directory")],
  ["record", "r", () => _("Record health")],
  ["review", "v", () => _("Review")],
];

const frozen = (status) => status?.channels.filter((c) => c.contradictions || c.equivocation_proofs) ?? [];
const differing = (status) => status?.channels.filter((c) => c.compared?.result === "differ" && c.state !== "followed") ?? [];

function Rail({ page, waits, status }) {
  const now = useNow(),
    by = waits?.by ?? {},
    rail = useRef();
  useEffect(() => rail.current.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" }), [page]);
  const counts = {
    inbox: waits?.count,
    consultations: by.agree,
    proposals: by.reply,
    record: frozen(status).length + differing(status).length,
  };
  const at = new Date(now).toISOString();
  return html`<nav class="rail" aria-label=${_("Pages")} ref=${rail}>
    ${PAGES.map((p) =>
      p
        ? html`<a href="/${p[0]}" aria-current=${p[0] === page ? "page" : undefined}>${p[2]()}${counts[p[0]] ? html`<span>${counts[p[0]]}</span>` : ""}</a>`
        : html`<hr />`,
    )}
    <div class="foot">${utcDay(at)}<br /><b>${localClock(at)}</b> ${_("here")}<br /><b>${utcClock(at)}</b> UTC</div>
  </nav>`;
}

function Languages({ choose }) {
  return html`<div class="languages" role="group" aria-label=${_("Language")}>
    ${["en", "fr", "ru"].map(
      (code) =>
        html`<button lang=${code} aria-pressed=${String(language() === code)} onClick=${() => choose(code)}>${code.toUpperCase()}</button>`,
    )}
  </div>`;
}

/** The node is away: what one says meanwhile waits here, and can be taken back. */
function Offline() {
  const { since, waiting } = useQueue(),
    failed = waiting.some((one) => one.why);
  if (!since && !waiting.length) return null;
  return html`<div class="strip" role="status">${since && html`<p>${_("The node cannot be reached since {T}. You can read and draft; sending is queued.", { T: utcClock(since) })}</p>`}
    ${
      waiting.length > 0 &&
      html`<p>${_n("{n} act waits in this page until the node answers: leave it open.", "{n} acts wait in this page until the node answers: leave it open.", waiting.length)}
      ${failed && !since && html` <button class="link" onClick=${sendAgain}>${_("Try again")}</button>`}</p>
      <ul>${waiting.map((one) => html`<li>${one.says}${one.why && html` <span class="attn">${one.why}</span>`} <button class="link" onClick=${() => drop(one)}>${_("Drop")}</button></li>`)}</ul>`
    }</div>`;
}

/** On every page: whose record contradicts itself; nothing is sent to them until people have spoken. */
const Frozen = ({ status, page }) =>
  html`${differing(status).map(
    (
      c,
    ) => html`<div class="note bad" role="alert"><p><b><${Icon} name="warning" /> ${_("People found that the safety numbers with {P} differ: nothing is sent there.", { P: c.party })}</b></p>
  <p><a href="/fingerprint/${c.party}">${_("Compare again")}</a> · <a href="/directory/${c.party}">${_("Call their duty officer")}</a></p></div>`,
  )}${
    page !== "record" &&
    frozen(status).map(
      (
        c,
      ) => html`<div class="note bad" role="alert"><p><b><${Icon} name="warning" /> ${c.equivocation_proofs ? _("The log key of {P} has signed two histories of one record.", { P: c.party }) : _("What {P} shows of its record contradicts what it showed before.", { P: c.party })}</b></p>
  <p><a href="/record">${c.equivocation_proofs ? _("Save the proof") : _("Save the contradiction")}</a> · <a href="/directory/${c.party}">${_("Call their duty officer")}</a></p></div>`,
    )
  }`;

/** Tells a screen reader what changed, at most once a minute, and when half or nine tenths of a time, or all of it, is over. */
function Announcer({ cases, own }) {
  const [says, setSays] = useState("");
  const state = useRef({ changes: 0, last: 0, marks: new Map() });
  useEffect(() => onRefresh(() => void state.current.changes++), []);
  useEffect(() => {
    const tick = () => {
      const s = state.current,
        now = Date.now(),
        said = [];
      for (const { c, wait: w } of waitsOf(cases ?? []).filter(({ wait }) => wait.waits_for === own && wait.due)) {
        const end = Date.parse(w.due),
          part = (now - Date.parse(w.since)) / (end - Date.parse(w.since)),
          mark = part >= 1 ? 3 : part >= 0.9 ? 2 : part >= 0.5 ? 1 : 0,
          key = `${c.case} ${w.what} ${w.due}`;
        if (s.marks.has(key) && s.marks.get(key) < mark)
          said.push(
            [null, _("Half of a time to act is over."), _("Nine tenths of a time to act are over."), _("A time to act has lapsed.")][mark],
          );
        s.marks.set(key, mark);
      }
      if (now - s.last < 60000) return;
      if (s.changes) said.push(_n("{n} change since the last minute.", "{n} changes since the last minute.", s.changes));
      s.changes = 0;
      if (!said.length) return;
      s.last = now;
      setSays(said.join(" "));
    };
    tick();
    const timer = setInterval(tick, 5000);
    return () => clearInterval(timer);
  }, [cases]);
  return html`<p class="unseen" aria-live="polite" id="announced">${says}</p>`;
}

function KeyCap({ name }) {
  const [, again] = useState(0),
    [why, setWhy] = useState("");
  if (name.length !== 1 && !["Enter", "Escape"].includes(name)) return html`<kbd>${name}</kbd>`;
  const change = (event) => {
    if (["Tab", "Shift", "Control", "Alt", "Meta", "Escape"].includes(event.key)) return;
    event.preventDefault();
    const to = event.key === "Backspace" || event.key === "Delete" ? "" : event.key;
    setWhy(moveKey(name, to) ? "" : _("taken"));
    again((n) => n + 1);
  };
  return html`<input class="cap" readonly value=${keyFor(name)} aria-label=${_("Key {k}: press another, or Delete for the page's own", { k: name })} onKeyDown=${change} />${why && html` <span class="attn" role="alert">${why}</span>`}`;
}

function KeyList({ close }) {
  const dialog = useRef();
  const [on, setOn] = useState(keysAreOn());
  useEffect(() => dialog.current.showModal(), []);
  const rows = [
    ["/", _("find a case")],
    ["j", _("next row")],
    ["k", _("previous row")],
    ["J", _("next row, taken into the selection")],
    ["K", _("previous row, taken into the selection")],
    ["Enter", _("open the row")],
    ["Escape", _("back")],
    ["c", _("compose a claim")],
    ["w", _("answer")],
    ["h", _("check own logs; on the first page: what came since it was last seen")],
    ["u", _("on the first page: ours or theirs")],
    ["l", _("in a text: its languages")],
    ["e", _("in a text: offer another version")],
    ["s", _("in a text: sign it")],
    ["n", _("next fact that is open or changed")],
    ["p", _("previous fact that is open or changed")],
    ["d", _("differences only")],
    ["f", _("filter the facts")],
    ["x", _("select the fact")],
    ["y", _("copy facts, with their cut and caveat")],
    ["r", _("remark")],
    ["a", _("ask for lines of the facts selected")],
    ["o", _("call a consultation")],
    [".", _("more acts")],
    ["[", _("show or hide the pages at the side")],
    ["?", _("this list")],
    ...PAGES.filter(Boolean).map((p) => [`g ${p[1]}`, p[2]()]),
  ];
  return html`<dialog ref=${dialog} onClose=${close} aria-labelledby="keys">
    <h2 id="keys">${_("Keys")}</h2>
    <dl class="pairs">${rows.map((r) => html`<dt><${KeyCap} name=${r[0]} /></dt><dd>${r[1]}</dd>`)}</dl>
    <p><label><input type="checkbox" checked=${on} onChange=${(e) => (setKeys(e.target.checked), setOn(e.target.checked))} /> ${_("Single keys act")}</label></p>
    <p><button onClick=${() => dialog.current.close()}>${_("Close")}</button></p>
  </dialog>`;
}

function KeysOpen({ hours }) {
  useNow();
  return html`<span class="quiet wide until">${_("keys open until {T}", { T: localClock(new Date(lastAsked() + hours * 3600000).toISOString()) })}</span>`;
}

export function Shell({ session, page, choose, children }) {
  const find = useRef();
  const [keys, showKeys] = useState(false),
    [rail, showRail] = useState(true);
  const { data: first } = useApi("cases", FIRST),
    { data: status } = useApi("status");
  useKeys({
    "[": () => showRail((on) => !on),
    Escape: back,
    "/": () => find.current.focus(),
    "?": () => showKeys(true),
    c: () => go("/compose"),
    ...Object.fromEntries(PAGES.filter(Boolean).map((p) => [`g ${p[1]}`, () => go(`/${p[0]}`)])),
  });
  const search = (event) => {
    event.preventDefault();
    go(`/cases?find=${encodeURIComponent(find.current.value)}`);
  };
  return html`
    <a class="skip" href="#main">${_("Skip to content")}</a>
    <header class="top">
      <a class="mark" href="/today">parley desk</a>
      <span class="who">${session.party} / ${session.department} · ${session.officer}</span>
      <form class="find" role="search" onSubmit=${search}>
        <input ref=${find} type="search" placeholder=${_("Find a case: number, address, domain")} aria-label=${_("Find a case")} />
        <${Key} name="/" />
      </form>
      <${Languages} choose=${choose} />
      <button class="link" onClick=${lock}>${_("Lock")}</button>
      <${KeysOpen} hours=${session.idle_hours} />
      <button class="link wide" aria-label=${_("Keys")} onClick=${() => showKeys(true)}><${Key} name="?" /></button>
    </header>
    <${Offline} />
    <${Announcer} cases=${first?.cases} own=${session.party} />
    <div class="frame ${rail ? "" : "no-rail"}">
      <${Rail} page=${page} waits=${first?.waits.ours} status=${status} />
      <main id="main" tabindex="-1"><${Frozen} status=${status} page=${page} />${children}</main>
    </div>
    ${keys && html`<${KeyList} close=${() => showKeys(false)} />`}`;
}
