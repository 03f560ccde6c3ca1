// The frame of every page: who one is, where one can go, in which language, until when the keys are open.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { lock } from "./api.js";
import { _, language } from "./i18n.js";
import { keysAreOn, setKeys, useKeys } from "./keys.js";
import { useApi, useNow } from "./live.js";
import { go } from "./router.js";
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

function Rail({ page, own }) {
  const now = useNow();
  const { data } = useApi("inbox");
  const { data: status } = useApi("status");
  const counts = {
    inbox: data?.filter((w) => w.waits_for === own).length,
    record: status?.channels.filter((c) => c.contradictions || c.equivocation_proofs).length,
  };
  const at = new Date(now).toISOString();
  return html`<nav class="rail" aria-label=${_("Pages")}>
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
      (code) => html`<button lang=${code} aria-pressed=${String(language() === code)} onClick=${() => choose(code)}>${code.toUpperCase()}</button>`,
    )}
  </div>`;
}

function KeyList({ close }) {
  const dialog = useRef();
  const [on, setOn] = useState(keysAreOn());
  useEffect(() => dialog.current.showModal(), []);
  const rows = [
    ["/", _("find a case")],
    ["j k", _("next and previous row")],
    ["Enter", _("open the row")],
    ["c", _("compose a claim")],
    ["?", _("this list")],
    ...PAGES.filter(Boolean).map((p) => [`g ${p[1]}`, p[2]()]),
  ];
  return html`<dialog ref=${dialog} onClose=${close} aria-labelledby="keys">
    <h2 id="keys">${_("Keys")}</h2>
    <dl class="pairs">${rows.map((r) => html`<dt><kbd>${r[0]}</kbd></dt><dd>${r[1]}</dd>`)}</dl>
    <p><label><input type="checkbox" checked=${on} onChange=${(e) => (setKeys(e.target.checked), setOn(e.target.checked))} /> ${_("Single keys act")}</label></p>
    <p><button onClick=${() => dialog.current.close()}>${_("Close")}</button></p>
  </dialog>`;
}

export function Shell({ session, page, offline, choose, children }) {
  const find = useRef();
  const [keys, showKeys] = useState(false);
  useKeys({
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
        <kbd aria-hidden="true">/</kbd>
      </form>
      <${Languages} choose=${choose} />
      <button class="link" onClick=${lock}>${_("Lock")}</button>
      <button class="link wide" aria-label=${_("Keys")} onClick=${() => showKeys(true)}><kbd>?</kbd></button>
    </header>
    ${offline && html`<p class="strip" role="status">${_("The node cannot be reached since {T}. You can read and draft; sending is queued.", { T: utcClock(offline) })}</p>`}
    <div class="frame">
      <${Rail} page=${page} own=${session.party} />
      <main id="main" tabindex="-1">${children}</main>
    </div>
    ${keys && html`<${KeyList} close=${() => showKeys(false)} />`}`;
}
