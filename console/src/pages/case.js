// Both sides' word on each fact, and what may be done next.
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Act, acts } from "../acts.js";
import { api } from "../api.js";
import { Facts } from "../case-facts.js";
import { TimeLine } from "../case-line.js";
import { FINDING_NAMES } from "../facts-table.js";
import { useCase, useOrder } from "../facts.js";
import { _, _n, number, word } from "../i18n.js";
import { Key, useKeys } from "../keys.js";
import { useNow } from "../live.js";
import { Clock, Finding, FINDINGS, plain, Tlp, Trouble, Us, Waiting } from "../parts.js";
import { openReport } from "../report.js";
import { go, setQuery } from "../router.js";
import { save } from "../save.js";
import { utc, utcClock, utcFull, when } from "../time.js";

/** The opener and the answerer of a case, and their departments. */
function sidesOf(data) {
  const opener = data.state.opener,
    answerer = Object.keys(data.cut).find((p) => p !== opener);
  const opening = data.messages[0];
  return { opener, answerer, from: opening?.from.split("/")[1], to: opening?.to.split("/")[1] };
}

const cutOf = (data) => Object.values(data.cut).join(", ");

/** The state at another cut: after each message, or at sizes that one types. */
function Cuts({ data }) {
  const parties = Object.keys(data.cut);
  const choices = data.messages.map((m, i) => {
    const sizes = parties.map((p) => data.messages.slice(i + 1).find((o) => o.party === p)?.entry ?? data.cut[p]); // just before the next one
    return { sizes: sizes.join(","), says: `${utc(m.time)} ${word("kind", m.kind)}` };
  });
  const typed = (event) => {
    event.preventDefault();
    setQuery({ at: event.target.sizes.value.replaceAll(" ", "") });
  };
  return html`<details class="cuts"><summary>${_("another cut")}</summary>
    <form onSubmit=${typed}>
      <label class="field"><span>${_("After the message")}</span><select onChange=${(e) => (e.target.form.sizes.value = e.target.value)}>
        <option value=${parties.map((p) => data.cut[p]).join(",")}>${_("the last one")}</option>
        ${choices.map((c) => html`<option value=${c.sizes}>${c.says}</option>`)}</select></label>
      <label class="field"><span>${_("Sizes of both records, in the order of the names")}</span><input name="sizes" required pattern="\\d+ *, *\\d+" value=${parties.map((p) => data.cut[p]).join(",")} /></label>
      <p class="field"><button>${_("Show it")}</button></p>
    </form></details>`;
}

/** What the opener said after the last answer. */
function replyWords(data, sides) {
  const answered = data.messages.findLastIndex((m) => m.kind === "answer" && m.party === sides.answerer && !m.void);
  const reply = data.messages.findLast(
    (m, i) => i > answered && m.party === sides.opener && ["remark", "correct", "close", "withdraw", "reply"].includes(m.kind),
  );
  if (answered < 0) return "";
  return reply
    ? _("Claimant's reply: {what}, {T} UTC", { what: word("kind", reply.kind), T: utc(reply.time) })
    : _("Claimant's reply: none yet");
}

function Standing({ data, sheet, table, order, sides }) {
  const query = new URLSearchParams(location.search),
    chosen = query.get("finding"),
    event = query.get("event");
  const counts = useMemo(() => {
    const all = new Uint32Array(FINDING_NAMES.length);
    for (let i = 0; i < table.rows; i++) all[table.finding[i]]++;
    return Object.fromEntries(FINDING_NAMES.map((name, i) => [name, all[i]]));
  }, [table]);
  const shown = order ? Object.fromEntries(FINDING_NAMES.map((name, i) => [name, order.findings[i]])) : counts;
  const by = (what) => FINDING_NAMES.filter((f) => FINDINGS[f] === what);
  const sum = (what) => by(what).reduce((n, f) => n + counts[f], 0);
  const parts = { support: sum("support"), against: sum("against"), silent: sum("silent"), open: sum("open") };
  const answered = table.rows - parts.open,
    says = replyWords(data, sides);
  const sentences = {
    support: _("{n} support", { n: number(parts.support) }),
    against: _("{n} against", { n: number(parts.against) }),
    silent: _("{n} silent", { n: number(parts.silent) }),
  };
  const events = (table.event?.texts ?? []).map((name, i) => [name, order?.events[i] ?? 0]).sort((a, b) => b[1] - a[1]);
  const chip = (name, pressed, change, content, n) =>
    html`<button class="chip" aria-pressed=${String(pressed)} disabled=${!n && !pressed} onClick=${() => setQuery(change)}>${content} <b>${number(n)}</b></button>`;
  return html`<section class="panel standing" aria-labelledby="standing"><div class="in">
      <div class="standing-head"><h2 id="standing">${_("By the findings of {P}: {standing}", { P: sides.answerer, standing: word("standing", sheet?.standing ?? "unanswered") })}</h2>
        <span class="small quiet">${_("{n} of {m} facts answered.", { n: number(answered), m: number(table.rows) })} ${_("Silent is neither agreement nor disagreement.")}</span>
        <span class="small quiet end">${says && `${says} · `}${_("cut {a} at {T} UTC", { a: cutOf(data), T: utcClock(data.as_of) })} <${Cuts} data=${data} /></span></div>
      <div class="bar" role="img" aria-label=${_("{s} support, {a} against, {q} silent, {o} unanswered", { s: number(parts.support), a: number(parts.against), q: number(parts.silent), o: number(parts.open) })}>
        ${Object.entries(parts)
          .filter(([, n]) => n)
          .map(([name, n]) => html`<i key=${name} class="bar-part ${name}" ref=${(e) => e && (e.style.flex = n)}></i>`)}</div>
      <div class="chips" role="group" aria-label=${_("Facts by finding")}>
        ${["support", "against", "silent", "open"].map(
          (what) =>
            html`${sentences[what] && html`<span class="sum">${sentences[what]}</span>`}${by(what)
              .filter((f) => counts[f])
              .map((f) => chip(f, chosen === f, { finding: chosen === f ? null : f }, html`<${Finding} name=${f} />`, shown[f]))}`,
        )}
      </div>
      ${
        events.length > 1 &&
        html`<div class="chips" role="group" aria-label=${_("Facts by event")}>
        ${events.slice(0, 12).map(([name, n]) => chip(name, event === name, { event: event === name ? null : name }, html`<bdi>${word("event", name)}</bdi>`, n))}</div>`
      }
    </div></section>`;
}

async function saveDossier(data) {
  const ids = data.messages.filter((m) => !m.void).map((m) => m.id);
  const bytes = await api("dossier", { words: [data.case], options: { o: "-", message: ids, yes: true } });
  save(bytes, `${(Object.values(data.numbers)[0] ?? data.case.split("/")[1]).replace(/[^\p{L}\p{N}.-]/gu, "_")}.dossier`);
}

/** The state that this page shows: both sides get the same report of it. */
const report = (data) =>
  openReport("show", {
    words: [data.case],
    options: {
      "as-of": data.as_of,
      at: Object.keys(data.cut)
        .sort()
        .map((p) => data.cut[p])
        .join(","),
    },
  });

const RARE = ["transfer", "link", "withdraw", "close", "reopen", "decline"];

function Next({ data, act, setAct, open }) {
  const more = useRef(),
    [fault, setFault] = useState(null);
  const possible = data.possible ?? [],
    useful = data.useful?.length ? data.useful : possible;
  const offered = possible.filter((k) => acts[k]),
    frequent = offered.filter((k) => useful.includes(k) && !RARE.includes(k));
  const rare = offered.filter((k) => !frequent.includes(k));
  const id = encodeURIComponent(data.case.split("/")[1]),
    whole = encodeURIComponent(data.case);
  const answers = useful.includes("answer");
  useKeys({
    ...Object.fromEntries(offered.filter((k) => acts[k].key).map((k) => [acts[k].key, () => setAct({ name: k })])),
    ".": () => {
      more.current.open = !more.current.open;
      more.current.querySelector("summary").focus();
    },
    ...(answers ? { w: () => go(`/case/${id}/answer`), h: () => go(`/case/${id}/answer#logs`) } : {}),
    ...(possible.includes("consult") ? { o: () => go(`/consultations?case=${whole}`) } : {}),
  });
  const button = (k) =>
    html`<button onClick=${() => setAct({ name: k })}>${acts[k].verb()}${acts[k].key ? html` <${Key} name=${acts[k].key} />` : ""}</button>`;
  return html`<div class="buttons next"><b>${_("Next")}</b>
    ${
      answers &&
      html`<a class="button primary" href="/case/${id}/answer">${open ? _n("Answer {n} open fact", "Answer {n} open facts", open) : _("Answer")} <${Key} name="w" /></a>
      <a class="button" href="/case/${id}/answer#logs">${_("Check own logs")} <${Key} name="h" /></a>`
    }
    ${frequent.map(button)}
    ${possible.includes("consult") && html`<a class="button" href="/consultations?case=${whole}">${_("Call a consultation")} <${Key} name="o" /></a>`}
    <details class="more" ref=${more}><summary class="button">${_("More")} <${Key} name="." /></summary><div class="menu">
      ${rare.map(button)}
      ${data.sheets?.length > 0 && html`<button onClick=${() => go(`/origins?of=${id}`)}>${_("Origins")}</button>`}
      <button onClick=${() => saveDossier(data).catch(setFault)}>${_("Save a dossier")}</button>
      <button onClick=${() => report(data).catch(setFault)}>${_("Report for paper")}</button>
      <button onClick=${() => print()}>${_("Print")}</button></div></details>
    <${Trouble} fault=${fault} />
    ${act && html`<${Act} name=${act.name} given=${act.given} matter=${data.case} done=${() => setAct(null)} />`}
  </div>`;
}

/** Above everything where one sees the past: no acts are offered there. */
const Past = ({ data, at }) =>
  html`<p class="past">${_("You see cut {a} of {T} UTC.", { a: at, T: utcFull(data.as_of) })} <button class="link" onClick=${() => setQuery({ at: null })}>${_("Now")}</button></p>`;

export function Case({ session, place }) {
  const now = useNow(),
    at = place.query.get("at");
  const { data, tables, fault } = useCase(place.path[1], session.party, at);
  const [act, setAct] = useState(null);
  const sheets = data?.sheets ?? [],
    given = place.query.get("sheet");
  const found = sheets.findIndex((s) => given && s.sheet.startsWith(given)),
    sheetAt = found >= 0 ? found : sheets.length - 1;
  const table = tables?.[sheetAt],
    sheet = sheets[sheetAt];
  const query = {
    sheet: sheetAt,
    find: place.query.get("find") ?? "",
    finding: place.query.get("finding"),
    event: place.query.get("event"),
    differences: place.query.has("differences"),
    talked: place.query.has("talked"),
    sort: place.query.get("sort") ?? "row",
  };
  const order = useOrder(table, query);
  const due = useDue(data);
  useEffect(() => {
    if (!data) return;
    const name = data.numbers[session.party] ?? data.title;
    document.title = `${plain(name, 60)}${due ? ` · ${_("answer due {T} UTC", { T: utc(due) })}` : ""} · parley desk`;
  });
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const sides = sidesOf(data),
    own = session.party,
    state = data.state.state ?? {},
    sheetState = data.state.sheets?.find((s) => s.sheet === sheet?.sheet);
  const open = table ? table.finding.reduce((n, f) => n + (f === 8), 0) : 0;
  const numbers = [sides.opener, sides.answerer].map((p) => data.numbers[p]).filter(Boolean);
  return html`<div class="case">
    <${Trouble} fault=${fault} />
    ${at && html`<${Past} data=${data} at=${at} />`}
    <div class="head"><div>
      <p class="small quiet">${word("kind", data.state.kind)}${numbers.map((n) => html` · <bdi class="whole">${n}</bdi>`)} · ${_("raised {T}", { T: when(data.state.opened) })}</p>
      <h1 class="title" dir="auto" tabindex=${data.title.length > 300 ? 0 : undefined}>${data.title}</h1></div><${Tlp} level=${data.state.tlp} /></div>
    <div class="sides">
      <div><span class="small quiet">${_("Raised by")}</span><br /><b>${sides.opener}</b> / ${sides.from}<${Us} party=${sides.opener} own=${own} /></div>
      <div class="middle"><b>${[state.opener, state.answerer, state.joint]
        .filter(Boolean)
        .map((w) => word("state", w))
        .join(
          " · ",
        )}</b>${due ? html`<${Clock} since=${sheetState?.delivered} due=${due} lapsed=${sheetState?.deadline.lapsed} now=${now} />` : ""}</div>
      <div><span class="small quiet">${_("Answers")}</span><br /><b>${sides.answerer}</b> / ${sides.to}<${Us} party=${sides.answerer} own=${own} /></div>
    </div>
    <div class="stack">
      ${!at && html`<${Next} data=${data} act=${act} setAct=${setAct} open=${open} />`}
      ${data.state.inadmissible && html`<p class="note">${_("There is no checkable fact in this claim. Remark on it, or decline.")}</p>`}
      ${sheet?.closed && html`<p class="note">${sheet.closed}</p>`}
      ${
        sheets.length > 1 &&
        html`<p class="note">${sheetAt < sheets.length - 1 ? _("You see a sheet of facts that another has taken the place of.") : _("This sheet of facts has taken the place of an earlier one.")}
        ${sheets.map((s, i) => i !== sheetAt && html` <a href="?sheet=${s.sheet.slice(0, 12)}">${i === sheets.length - 1 ? _("The one that counts") : _("Sheet {s}", { s: s.sheet.slice(0, 8) })}</a>`)}</p>`
      }
      ${table?.rows > 0 && html`<${Standing} data=${data} sheet=${sheetState} table=${table} order=${order} sides=${sides} />`}
      ${data.text && html`<p class="said" dir="auto">${data.text}</p>`}
      <${TimeLine} data=${data} sides=${sides} own=${own} now=${now} due=${due} />
      ${
        table?.rows > 0 &&
        html`<${Facts} data=${data} sheet=${sheet} table=${table} order=${order} sides=${sides} own=${own} place=${place}
        gone=${sheetAt < sheets.length - 1} ask=${!at && (data.possible ?? []).includes("ask") ? (rows) => setAct({ name: "ask", given: { rows } }) : null}
        remark=${!at && (data.possible ?? []).includes("remark") ? (row) => setAct({ name: "remark", given: { text: `#f${row} ` } }) : null} />`
      }
    </div></div>`;
}

/** When the answer to what is shown is due, if it still is. */
const useDue = (data) => {
  const deadline = data?.state.sheets?.at(-1)?.deadline;
  return deadline && !deadline.met ? deadline.due : null;
};
