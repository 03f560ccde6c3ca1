// The page's beginning: the secret, the language, the session, and which page the address names.
import { html, render } from "htm/preact";
import { useState } from "preact/hooks";
import { Fault, session as askSession, takeSecret, unlock } from "./api.js";
import { _, useLanguage } from "./i18n.js";
import { sweepTyped } from "./kept.js";
import { FIRST } from "./cases.js";
import { askAhead, refresh, startEvents } from "./live.js";
import { setOffline } from "./queue.js";
import { Place, usePlace } from "./router.js";
import { beginSeeing } from "./seen.js";
import { Shell } from "./shell.js";
import { Today } from "./pages/today.js";

// Other pages come when they are first looked at.
const later = {
  handover: () => import("./pages/handover.js").then((m) => m.Handover),
  inbox: () => import("./pages/inbox.js").then((m) => m.Inbox),
  cases: () => import("./pages/cases.js").then((m) => m.Cases),
  case: () => import("./pages/case.js").then((m) => m.Case),
  proposals: () => import("./pages/proposals.js").then((m) => m.Proposals),
  consultations: () => import("./pages/consultations.js").then((m) => m.Consultations),
  answer: () => import("./pages/answer.js").then((m) => m.Answer),
  compose: () => import("./pages/compose.js").then((m) => m.Compose),
  origins: () => import("./pages/origins.js").then((m) => m.Origins),
  check: () => import("./pages/check.js").then((m) => m.Check),
  draft: () => import("./pages/drafts.js").then((m) => m.Draft),
  review: () => import("./pages/review.js").then((m) => m.Review),
  record: () => import("./pages/record.js").then((m) => m.Record),
  directory: () => import("./pages/directory.js").then((m) => m.Directory),
  fingerprint: () => import("./pages/fingerprint.js").then((m) => m.Compare),
};
const loaded = { today: Today };
const UNDER = { handover: "today", case: "cases", answer: "cases", draft: "inbox" }; // pages that stand below another of the rail
const ALONE = new Set(["fingerprint"]); // pages with nothing beside them

function Page({ name, session, place }) {
  const [, again] = useState(0);
  const Shown = loaded[name];
  if (Shown) return html`<${Shown} session=${session} place=${place} />`;
  if (!later[name]) return html`<h1>${_("There is no such page.")}</h1><p><a href="/today">${_("Today")}</a></p>`;
  later[name]().then((part) => {
    loaded[name] = part;
    again((n) => n + 1);
  });
  return html`<p class="quiet">${_("One moment …")}</p>`;
}

function App({ session }) {
  const place = usePlace();
  const [, setLanguage] = useState(document.documentElement.lang);
  const choose = async (code) => {
    await useLanguage(code);
    setLanguage(code);
    refresh();
  };
  if (!App.listens) {
    App.listens = true;
    startEvents((name) => {
      if (name === "locked") location.reload();
      if (name === "ended") setOffline(new Date().toISOString());
      if (name === "change" || name === "lost") setOffline(null);
    });
  }
  const name = place.path[0] === "case" && place.path[2] === "answer" ? "answer" : (place.path[0] ?? "today"); // /case/ID/answer
  const page = html`<${Page} key=${place.path.slice(0, 3).join("/")} name=${name} session=${session} place=${place} />`;
  if (ALONE.has(name)) return html`<${Place.Provider} value=${place}><main id="main" class="alone" tabindex="-1">${page}</main><//>`;
  return html`<${Place.Provider} value=${place}>
    <${Shell} session=${session} page=${UNDER[name] ?? name} choose=${choose}>
      ${page}
    <//>
  <//>`;
}

function Locked() {
  const [why, setWhy] = useState("");
  const open = async (event) => {
    event.preventDefault();
    try {
      await unlock(event.target.passphrase.value);
      location.reload();
    } catch (fault) {
      setWhy(fault.message);
    }
  };
  return html`<main><h1>parley desk</h1>
    <p>${_("The desk is locked. Its passphrase opens it, or a new link from the terminal.")}</p>
    <form onSubmit=${open}>
      <label class="field"><span>${_("Passphrase")}</span><input type="password" name="passphrase" autocomplete="current-password" autofocus /></label>
      ${why && html`<p class="attn" role="alert">${why}</p>`}
      <p><button class="primary">${_("Open")}</button></p>
    </form></main>`;
}

/** What the first page shows is asked for at once, beside the session and the words. */
function beginAsking() {
  const name = location.pathname.split("/")[1] || "today";
  if (!localStorage.getItem("parley-language")) return; // the answers would come in another one
  document.documentElement.lang = localStorage.getItem("parley-language");
  askAhead("cases", FIRST);
  askAhead("status");
  later[name]?.();
}

async function start() {
  takeSecret();
  beginAsking();
  const known = localStorage.getItem("parley-language");
  const words = known && useLanguage(known);
  let session = null;
  try {
    session = await askSession();
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
  }
  sweepTyped(!session);
  await (words ?? useLanguage(session?.language ?? "en"));
  document.body.textContent = "";
  if (session) beginSeeing();
  render(session ? html`<${App} session=${session} />` : html`<${Locked} />`, document.body);
}
start();
