// The text that both sign: its languages side by side with what changed since an earlier version, one hash over all.
import { html } from "htm/preact";
import { useRef, useState } from "preact/hooks";
import { _, _n, language as readers, number, word } from "../i18n.js";
import { Key, useKeys } from "../keys.js";
import { useApi } from "../live.js";
import { compare, readMinutes } from "../minutes.js";
import { Trouble, Us, Waiting } from "../parts.js";
import { asTime, filled, Line, SendDialog, Text } from "../sending.js";
import { utc, when } from "../time.js";

const nameOf = (code) => new Intl.DisplayNames([readers()], { type: "language" }).of(code);
const listOf = (names) => new Intl.ListFormat(readers(), { type: "conjunction" }).format(names);

const Words = ({ parts }) =>
  parts.map((p) => (p.kind === "-" ? html`<del>${p.text}</del>` : p.kind === "+" ? html`<ins>${p.text}</ins>` : p.text));

/** What a paragraph's margin says of it; `against`: the number of the version that it is compared with. */
function Margin({ row, against, languages, seen, see }) {
  if (row.state === "first") return null;
  if (row.state === "same") return html`<span class="quiet"><b aria-hidden="true">=</b> ${_("as in version {n}", { n: against })}</span>`;
  if (row.state === "changed")
    return html`<b><span aria-hidden="true">≠</span> ${_("changed")}</b><div class="quiet">${languages.length > 2 ? _("in all languages") : _("in both languages")}</div>`;
  const others = languages.filter((l) => !row.changed.includes(l));
  return html`<b class="warn">! ${_("one language")}</b><div class="small">${_("changed in {a}, not yet in {b}", { a: listOf(row.changed.map(nameOf)), b: listOf(others.map(nameOf)) })}</div>
    <label class="check"><input type="checkbox" checked=${seen} onChange=${see} /> ${_("seen")}</label>`;
}

/** Paragraph by paragraph; what differs in one language alone has to be looked at before one signs. */
function Paragraphs({ rows, languages, versions, at, against, choose, seen, see }) {
  const [only, show] = useState(null),
    [current, setCurrent] = useState(-1),
    box = useRef();
  const shown = only && languages.includes(only) ? [only] : languages;
  const changed = rows.flatMap((r, i) => (r.state === "changed" || r.state === "one" ? [i] : []));
  const step = (to) => {
    const next = to > 0 ? changed.find((i) => i > current) : changed.findLast((i) => i < current);
    if (next === undefined) return;
    setCurrent(next);
    box.current.querySelector(`#p${next + 1}`).focus();
  };
  useKeys({
    n: () => step(1),
    p: () => step(-1),
    l: () => show(only === null ? languages[0] : (languages[languages.indexOf(only) + 1] ?? null)),
  });
  const chip = (code, says) =>
    html`<button class="chip" aria-pressed=${String(only === code)} onClick=${() => show(code)}>${says}</button>`;
  return html`<section class="panel" aria-labelledby="text"><header><h2 id="text">${_("Text")}</h2>
      <span class="quiet">${against ? _n("{n} of {m} paragraphs changed since version {v}", "{n} of {m} paragraphs changed since version {v}", changed.length, { m: number(rows.length), v: against }) : _("All languages are equally binding; one hash covers them.")}</span>
      <span class="end buttons no-print">${languages.length > 1 && html`<span class="chips" role="group" aria-label=${_("Languages shown")}>${chip(null, languages.length > 2 ? _("all languages") : _("both languages"))}${languages.map((l) => chip(l, nameOf(l)))} <${Key} name="l" /></span>`}
        ${at > 1 && html`<label class="inline">${_("against")} <select value=${against} onChange=${(e) => choose(Number(e.target.value))}>${versions.slice(0, at - 1).map((_v, i) => html`<option value=${i + 1}>${_("version {n}", { n: i + 1 })}</option>`)}</select></label>`}</span></header>
    <div class="paragraphs" ref=${(e) => {
      box.current = e;
      e?.style.setProperty("--paragraph", `32px ${shown.map((l) => `minmax(0, ${l === "ru" ? 1.06 : 1}fr)`).join(" ")} 168px`);
    }}>
      <div class="paragraph heads"><span></span>${shown.map((l) => html`<h3>${nameOf(l)} <span class="quiet small">${_("equally binding")}</span></h3>`)}<span></span></div>
      ${rows.map(
        (
          r,
          i,
        ) => html`<div class="paragraph ${r.state} ${i === current ? "at" : ""}" id="p${i + 1}" tabindex="-1"><b class="small ${r.state === "same" || r.state === "first" ? "quiet" : ""}">${r.number ? `§${r.number}` : "–"}</b>
        ${shown.map((l) => html`<p lang=${l}>${r.cells[l] ? html`<${Words} parts=${r.cells[l]} />` : html`<span class="quiet" lang=${readers()}>${_("nothing in this language")}</span>`}</p>`)}
        <div class="margin"><${Margin} row=${r} against=${against} languages=${languages} seen=${seen.has(i)} see=${() => see(i)} /></div></div>`,
      )}
    </div></section>`;
}

const OUTCOMES = { agreed: ["=", () => _("agreed")], disputed: ["≠", () => _("disputed")], unverifiable: ["⋯", () => _("unverifiable")] };

/** How many facts a list of rows names, as "0-9,12". */
const countOf = (rows) =>
  rows.split(",").reduce((n, part) => {
    const [a, b] = part.split("-").map(Number);
    return n + (b === undefined ? 1 : b - a + 1);
  }, 0);

const FEW = 12;
/** Rows as people read them; of very many the first. */
const rowsShort = (rows) => {
  const parts = rows.split(",");
  return parts.slice(0, FEW).join(", ") + (parts.length > FEW ? " …" : "");
};

function Outcomes({ list, address }) {
  return html`<section class="panel" aria-labelledby="outcomes"><header><h2 id="outcomes">${_("Outcome for each fact")}</h2><span class="end">${number(list.reduce((n, o) => n + countOf(o.rows), 0))}</span></header>
    <ul class="in outcomes">${list.map(
      (
        o,
      ) => html`<li><div class="pair"><span><b aria-hidden="true">${OUTCOMES[o.word][0]}</b> ${OUTCOMES[o.word][1]()}</span><b>${number(countOf(o.rows))}</b></div>
      <div class="small"><a href="${address}#f${Number.parseInt(o.rows, 10)}">${_("Facts {list}", { list: rowsShort(o.rows) })}</a></div>
      ${o.says.map((s) => html`<p class="small"><b>${s.party}</b>: <bdi>${s.text}</bdi></p>`)}${o.why && html`<p class="small quiet"><bdi>${o.why}</bdi></p>`}</li>`,
    )}</ul></section>`;
}

function Undertakings({ list, kept, own }) {
  return html`<section class="panel" aria-labelledby="undertakings"><header><h2 id="undertakings">${_("Undertakings")}</h2><span class="end">${number(list.length)}</span></header>
    ${
      list.length
        ? html`<table class="listed"><thead><tr><th scope="col">${_("Owner")}</th><th scope="col">${_("What")}</th><th scope="col">${_("By, UTC")}</th><th scope="col">${_("State")}</th></tr></thead>
    <tbody>${list.map(
      (
        u,
      ) => html`<tr><td>${u.owner}<${Us} party=${u.owner.split("/")[0]} own=${own} /></td><td><bdi>${u.what[readers()] ?? Object.values(u.what)[0]}</bdi></td><td class="whole">${utc(u.due)}</td>
      <td>${word("undertaking", kept.find((k) => k.undertaking === u.number)?.state ?? "open")}</td></tr>`,
    )}</tbody></table>`
        : html`<p class="in quiet">${_("Nothing is undertaken.")}</p>`
    }</section>`;
}

function Signatures({ text, parties, own, signed }) {
  return html`<section class="panel" aria-labelledby="signatures"><header><h2 id="signatures">${_("Signatures")}</h2><span class="end">${_("one hash covers all languages:")} <span class="mono">${text.text.slice(0, 12)}…</span></span></header>
    <div class="signatures">${parties.map((p) => {
      const by = signed.find((m) => m.party === p);
      return html`<div><b>${p}</b><${Us} party=${p} own=${own} /><br />${text.agreed_by.includes(p) ? (by ? _("signed {T}", { T: when(by.time) }) : _("signed")) : _("not signed")}<br /><span class="quiet">${by?.by ?? " "}</span></div>`;
    })}</div></section>`;
}

const LANGUAGES = ["en", "fr", "ru"];
const linesOf = (form, name) =>
  (form.get(name) ?? "")
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean);

/** A text is amended whole: what stood in the version before is there, and what one does not touch stays. */
export function MinutesForm({ matter, minutes, text, close }) {
  const languages = minutes ? Object.keys(minutes.texts) : ["fr", "ru"],
    first = languages[0];
  const call = (form) => {
    const options = {
      text: LANGUAGES.filter((l) => form.get(`text-${l}`)).map((l) => ({
        content: form.get(`text-${l}`).replace(/\r\n/g, "\n"),
        language: l,
      })),
      ...filled(form, ["agreed", "disputed", "unverifiable", "why"]),
    };
    for (const name of ["says", "undertaking", "undertaking-in"]) if (linesOf(form, name).length) options[name] = linesOf(form, name);
    if (form.get("held")) options.held = asTime(form.get("held"));
    if (text) options.supersedes = text.text;
    return { words: [matter, ...(form.get("text") ? [form.get("text")] : [])], options };
  };
  const rows = (w) =>
    minutes?.outcomes
      .filter((o) => o.word === w)
      .map((o) => o.rows)
      .join(",") ?? "";
  const says = new Map((minutes?.outcomes ?? []).flatMap((o) => o.says).map((s) => [s.party, s.text]));
  const undertaken = minutes?.undertakings ?? [],
    what = (u) => u.what[first] ?? Object.values(u.what)[0];
  const others = undertaken.flatMap((u) =>
    Object.entries(u.what)
      .filter(([l]) => u.what[first] && l !== first)
      .map(([l, t]) => `${u.number} ${l} ${t}`),
  );
  return html`<${SendDialog} title=${text ? _("Amend the text") : _("Offer a text")} says=${_("One text in each language; an empty line begins a paragraph.")} command="minutes" call=${call} verb=${_("Send")} drafts close=${close}>
    ${[...new Set([...languages, ...LANGUAGES])].filter((l) => LANGUAGES.includes(l)).map((l) => html`<${Text} name="text-${l}" label=${_("Text, {l}", { l: nameOf(l) })} lang=${l}>${minutes?.texts[l] ?? ""}<//>`)}
    <${Line} name="held" type="datetime-local" label=${_("Held (UTC)")} value=${minutes?.held?.slice(0, 16) ?? ""} />
    <${Line} name="agreed" label=${_("Agreed facts, as 0-3,7 or all")} value=${rows("agreed")} /><${Line} name="disputed" label=${_("Disputed facts")} value=${rows("disputed")} />
    <${Text} name="says" label=${_("The wording of each party, as PARTY=WORDING, a line each")}>${[...says].map(([p, t]) => `${p}=${t}`).join("\n")}<//><${Line} name="unverifiable" label=${_("Facts that neither side can check")} value=${rows("unverifiable")} /><${Line} name="why" label=${_("Why they can't be checked")} value=${minutes?.outcomes.find((o) => o.why)?.why ?? ""} />
    <${Text} name="undertaking" label=${_("Undertakings, as PARTY DATE WHAT, a line each")}>${undertaken.map((u) => `${u.owner} ${u.due} ${what(u)}`).join("\n")}<//>
    <${Text} name="undertaking-in" label=${_("The same in other languages, as NUMBER LANGUAGE WHAT, a line each")}>${others.join("\n")}<//><//>`;
}

/** One after the other, who offered which text, and who signed it. */
function Versions({ texts, messages, at }) {
  if (texts.length < 2) return null;
  const timeOf = (t) => messages.find((m) => m.id === t.message)?.time;
  return html`<section class="panel" aria-labelledby="versions"><header><h2 id="versions">${_("Versions")}</h2></header><ol class="in versions">${texts.map(
    (t, i) => html`<li class=${i + 1 === at ? "strong" : ""}>${t.offered_by}${timeOf(t) ? `, ${utc(timeOf(t))}` : ""}
    ${t.agreed_by.length > 0 && html`<div class="small quiet">${_("signed by {list}", { list: listOf(t.agreed_by) })}</div>`}</li>`,
  )}</ol></section>`;
}

const useText = (matter, text) => useApi(text ? "minutes" : null, { words: [matter, text?.text ?? ""], options: { read: true } }, false);

export function Settlement({ data, text, own, act, address }) {
  const texts = data.texts,
    at = texts.indexOf(text) + 1,
    before = texts.findIndex((t) => t.text === text.supersedes) + 1;
  const [chosen, choose] = useState(0),
    against = chosen || before;
  const { data: now, fault } = useText(data.case, text),
    { data: old } = useText(data.case, against ? texts[against - 1] : null);
  const [seen, setSeen] = useState(new Set());
  const minutes = now && readMinutes(now.text),
    ready = minutes && (!against || old);
  const rows = ready ? compare(minutes.texts, against ? readMinutes(old.text).texts : null) : [];
  const open = rows.flatMap((r, i) => (r.state === "one" && !seen.has(i) ? [i] : []));
  const maySign = ready && !text.agreed_by.includes(own) && !text.superseded && data.possible.includes("agree"),
    signs = maySign && !open.length && against === before;
  useKeys({ ...(minutes ? { e: () => act({ minutes, text }) } : {}), ...(signs ? { s: () => act({ sign: text }) } : {}) });
  if (!ready) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const see = (i) => setSeen((s) => new Set(s.has(i) ? [...s].filter((x) => x !== i) : [...s, i]));
  const signed = data.messages.filter((m) => m.kind === "agree" && m.says?.settlement === text.text);
  return html`<div class="columns settlement"><div class="stack">
      <${Paragraphs} rows=${rows} languages=${Object.keys(minutes.texts)} versions=${texts} at=${at} against=${against} choose=${choose} seen=${seen} see=${see} />
      <div class="halves"><${Undertakings} list=${minutes.undertakings} kept=${(data.undertakings ?? []).filter((u) => u.settlement === text.text)} own=${own} />
        <${Signatures} text=${text} parties=${Object.keys(data.cut).sort((a) => (a === data.state.opener ? -1 : 1))} own=${own} signed=${signed} /></div></div>
    <div class="stack">
      <section class="panel no-print" aria-labelledby="next"><header><h2 id="next">${_("Next")}</h2></header><div class="in next-acts">
        <button class=${maySign && open.length ? "primary" : ""} onClick=${() => act({ minutes, text })}>${_("Offer version {n}", { n: texts.length + 1 })} <${Key} name="e" /></button>
        ${maySign && html`<button class=${open.length ? "" : "primary"} disabled=${!signs} onClick=${() => act({ sign: text })}>${_("Sign version {n}", { n: at })} <${Key} name="s" /></button>`}
        ${maySign && open.length > 0 && html`<p class="small quiet">${_("Signing is held until you have seen {list}: its languages differ.", { list: open.map((i) => `§${rows[i].number}`).join(", ") })}</p>`}
        ${maySign && html`<p class="small quiet">${_("One signature covers all languages.")}</p>`}</div></section>
      ${minutes.outcomes.length > 0 && html`<${Outcomes} list=${minutes.outcomes} address=${address} />`}
      <${Versions} texts=${texts} messages=${data.messages} at=${at} /></div></div>`;
}
