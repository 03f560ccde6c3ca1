// The page's beginning: the secret, the language, the session, and which page the address names.
import { html, render } from "htm/preact";
import { useState } from "preact/hooks";
import { Fault, session as askSession, takeSecret, unlock } from "./api.js";
import { _, useLanguage } from "./i18n.js";
import { sweepTyped } from "./kept.js";
import { refresh, startEvents } from "./live.js";
import { Place, usePlace } from "./router.js";
import { Shell } from "./shell.js";
import { Today } from "./pages/today.js";

// Other pages come when they are first looked at.
const later = {
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
const UNDER = { case: "cases", answer: "cases", draft: "inbox" }; // pages that stand below another of the rail
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
  const [state, setState] = useState({ offline: null, language: document.documentElement.lang });
  const choose = async (code) => {
    await useLanguage(code);
    setState((s) => ({ ...s, language: code }));
    refresh();
  };
  if (!App.listens) {
    App.listens = true;
    startEvents((name) => {
      if (name === "locked") location.reload();
      setState((s) => ({ ...s, offline: name === "ended" ? s.offline ?? new Date().toISOString() : null }));
    });
  }
  const name = place.path[0] === "case" && place.path[2] === "answer" ? "answer" : place.path[0] ?? "today"; // /case/ID/answer
  const page = html`<${Page} key=${place.path.slice(0, 3).join("/")} name=${name} session=${session} place=${place} />`;
  if (ALONE.has(name)) return html`<${Place.Provider} value=${place}><main id="main" class="alone" tabindex="-1">${page}</main><//>`;
  return html`<${Place.Provider} value=${place}>
    <${Shell} session=${session} page=${UNDER[name] ?? name} offline=${state.offline} choose=${choose}>
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

async function start() {
  takeSecret();
  let session = null;
  try {
    session = await askSession();
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
  }
  sweepTyped(!session);
  await useLanguage(localStorage.getItem("parley-language") ?? session?.language ?? "en");
  document.body.textContent = "";
  render(session ? html`<${App} session=${session} />` : html`<${Locked} />`, document.body);
}
start();
