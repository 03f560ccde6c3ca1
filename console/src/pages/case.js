// Both sides' word on each fact, and what may be done next.
import { html } from "htm/preact";
import { useMemo, useState } from "preact/hooks";
import { Act, acts } from "../acts.js";
import { Grid } from "../grid.js";
import { _, _n, number, word } from "../i18n.js";
import { useKeys } from "../keys.js";
import { useApi, useNow } from "../live.js";
import { Clock, Finding, FINDINGS, Tlp, Trouble, Us, Waiting } from "../parts.js";
import { setQuery } from "../router.js";
import { span, utc, utcClock, when } from "../time.js";

const finding = (fact) => fact.answer?.finding ?? "unanswered";
const source = (f) => f.src_ip ?? f.object ?? "";
const target = (f) => (f.dst_ip ?? "") + (f.dst_port ? `:${f.dst_port}` : "");

/** The opener and the answerer of a case, and their departments. */
function sidesOf(data) {
  const opener = data.state.opener, answerer = Object.keys(data.cut).find((p) => p !== opener);
  const opening = data.messages[0];
  return { opener, answerer, from: opening?.from.split("/")[1], to: opening?.to.split("/")[1] };
}

function Standing({ data, sheet, facts, sides }) {
  const counts = useMemo(() => {
    const all = {};
    for (const f of facts) all[finding(f)] = (all[finding(f)] ?? 0) + 1;
    return all;
  }, [facts]);
  const by = (what) => Object.keys(FINDINGS).filter((f) => FINDINGS[f] === what);
  const sum = (what) => by(what).reduce((n, f) => n + (counts[f] ?? 0), 0);
  const parts = { support: sum("support"), against: sum("against"), silent: sum("silent"), open: sum("open") };
  const chosen = new URLSearchParams(location.search).get("finding");
  const standing = sheet?.standing ?? "unanswered";
  return html`<section class="panel" aria-labelledby="standing">
    <header><h2 id="standing">${_("By the findings of {P}: {standing}", { P: sides.answerer, standing: word("standing", standing) })}</h2>
      <span class="quiet">${_("{n} of {m} facts answered.", { n: number(facts.length - parts.open), m: number(facts.length) })} ${_("Silent is neither agreement nor disagreement.")}</span>
      <span class="end">${_("cut {a}, {b}, as of {T} UTC", { a: Object.values(data.cut)[0], b: Object.values(data.cut)[1], T: utcClock(data.as_of) })}</span></header>
    <div class="in">
      <div class="bar" aria-hidden="true">${Object.entries(parts).filter(([, n]) => n).map(([name, n]) => html`<i class="bar-part ${name}" ref=${(e) => e && (e.style.flex = n)}></i>`)}</div>
      <div class="chips" role="group" aria-label=${_("Facts by finding")}>
        ${[["support", _("{n} support", { n: number(parts.support) })], ["against", _("{n} against", { n: number(parts.against) })], ["silent", _("{n} silent", { n: number(parts.silent) })], ["open", ""]].map(
          ([what, says]) => html`${says && html`<span>${says}</span>`}${by(what).filter((f) => counts[f]).map(
            (f) => html`<button class="chip" aria-pressed=${String(chosen === f)} onClick=${() => setQuery({ finding: chosen === f ? null : f })}><${Finding} name=${f} /> <b>${number(counts[f])}</b></button>`)}`)}
      </div>
    </div>
  </section>`;
}

/** Two lanes, one a record: a message is a dot on its author's lane and crosses where the receipt stands. */
function TimeLine({ data, sides, now }) {
  const [asList, setAsList] = useState(false);
  const list = data.messages;
  const from = Date.parse(list[0]?.time ?? data.as_of), to = Math.max(now, from + 3600000), x = (t) => 150 + ((t - from) / (to - from)) * 990;
  let right = [0, 0];
  const label = (m, lane) => {
    const at = x(Date.parse(m.time)), says = word("kind", m.kind), width = says.length * 7;
    if (at < right[lane]) return null;
    right[lane] = at + width + 10;
    const end = at + width > 1140;
    return html`<text x=${end ? at - 4 : at + 6} y=${lane ? 76 : 16} text-anchor=${end ? "end" : "start"}>${says}</text>`;
  };
  return html`<section class="panel" aria-labelledby="line">
    <header><h2 id="line">${_("Time line and receipts")}</h2><span class="quiet">${_("A message crosses when the other side holds it. Held is not read.")}</span>
      <span class="end"><button class="link" aria-expanded=${String(asList)} onClick=${() => setAsList(!asList)}>${_("as a list")}</button></span></header>
    <svg class="in narrow-off" viewBox="0 0 1180 92" width="100%" role="img" aria-label=${_n("{n} message. The list says the same in words.", "{n} messages. The list says the same in words.", list.length)} font-size="12" fill="var(--ink2)">
      ${[sides.opener, sides.answerer].map((p, i) => html`<text x="0" y=${30 + i * 32} font-weight="600">${p}</text><path d="M150 ${26 + i * 32}H1160" stroke="var(--rule2)" />`)}
      ${list.map((m) => {
        const lane = m.party === sides.opener ? 0 : 1, y = 26 + lane * 32, other = 26 + (1 - lane) * 32, at = x(Date.parse(m.time));
        const held = m.delivered && x(Date.parse(m.delivered));
        return html`<circle cx=${at} cy=${y} r="4" fill="var(--ink)" />
          ${held ? html`<path d="M${at} ${y}L${held} ${other}" stroke="var(--ink)" /><circle cx=${held} cy=${other} r="4" fill="var(--ink)" />`
                 : html`<path d="M${at} ${y}V${other}" stroke="var(--ink)" stroke-dasharray="2 2.4" /><circle cx=${at} cy=${other} r="3.5" fill="var(--paper)" stroke="var(--ink)" />`}
          ${label(m, lane)}`;
      })}
      <path d="M${x(now)} 6V88" stroke="var(--link)" stroke-width="2" /><text x=${x(now) - 5} y="90" text-anchor="end" fill="var(--link)">${_("now")}</text>
    </svg>
    ${asList && html`<table><thead><tr><th scope="col">${_("Said, UTC")}</th><th scope="col">${_("By")}</th><th scope="col">${_("Kind")}</th><th scope="col">${_("Text")}</th><th scope="col">${_("Held since, UTC")}</th></tr></thead>
      <tbody>${list.map((m) => html`<tr><td class="whole">${utc(m.time)}</td><td>${m.from} (${m.by})</td><td>${word("kind", m.kind)}</td><td>${m.title ?? ""} ${m.text ?? ""}</td><td class="whole">${m.delivered ? utc(m.delivered) : _("no receipt")}</td></tr>`)}</tbody></table>`}
  </section>`;
}

const delta = (f) => (f.answer?.count === undefined ? 0 : f.answer.count - f.count);

const COLUMNS = () => [
  { name: "row", head: "#", width: "56px", number: true, sort: (f) => f.row, cell: (f) => f.row },
  { name: "first", head: _("First seen, UTC, lasting"), width: "176px", sort: (f) => f.first_seen, cell: (f) => html`${utc(f.first_seen)} <span class="quiet">${span(Date.parse(f.last_seen) - Date.parse(f.first_seen))}</span>` },
  { name: "source", head: _("Source"), width: "minmax(120px, 1fr)", sort: source, cell: (f) => source(f) + (f.src_port ? `:${f.src_port}` : "") },
  { name: "target", head: _("Destination"), width: "minmax(120px, 1fr)", sort: target, cell: target },
  { name: "event", head: _("Event"), width: "120px", sort: (f) => f.event, cell: (f) => word("event", f.event) },
  { name: "count", head: _("Count"), width: "80px", number: true, sort: (f) => f.count, cell: (f) => number(f.count) },
  { name: "finding", head: _("Finding"), width: "150px", other: true, sort: finding, cell: (f) => html`<${Finding} name=${finding(f)} />` },
  { name: "found", head: _("Count"), width: "110px", number: true, sort: (f) => f.answer?.count ?? -1, cell: (f) => html`${f.answer?.count ?? ""} ${delta(f) ? html`<span class="delta">${delta(f) > 0 ? "+" : "−"}${Math.abs(delta(f))}</span>` : ""}` },
  { name: "note", head: _("Note"), width: "minmax(140px, 2fr)", cell: (f) => [f.answer?.upstream_ip && _("upstream {a}", { a: f.answer.upstream_ip }), f.answer?.note].filter(Boolean).join("; ") },
];

function Opened({ fact, sides, data }) {
  const said = data.messages.filter((m) => m.kind === "remark");
  const words = (party) => said.filter((m) => m.party === party).map((m) => html`<p class="said"><span class="quiet">${utc(m.time)}</span> ${m.text}</p>`);
  const e = fact.evidence;
  return html`<div><h3>${_("{P} states", { P: sides.opener })}</h3>
      <p>${_("Seen from {a} to {b} UTC", { a: fact.first_seen, b: fact.last_seen })}${fact.protocol ? `, ${fact.protocol}` : ""}</p>
      ${e && html`<p>${_n("{n} line kept", "{n} lines kept", e.committed)}${e.lines_verified ? _n(", {n} shown and verified", ", {n} shown and verified", e.lines_verified) : e.asked ? _(", asked for") : ""}</p>`}
      ${words(sides.opener)}</div>
    <div><h3>${_("{P} finds", { P: sides.answerer })}</h3>
      <p><${Finding} name=${finding(fact)} /> ${fact.answer?.note ?? ""}</p>
      ${fact.answer?.upstream_ip && html`<p>${_("upstream {a}", { a: fact.answer.upstream_ip })}</p>`}
      ${words(sides.answerer)}</div>`;
}

function Facts({ data, facts, sides }) {
  const query = new URLSearchParams(location.search);
  const columns = COLUMNS();
  const filter = query.get("find") ?? "", chosen = query.get("finding"), sort = query.get("sort") ?? "row", different = query.has("differences");
  const differs = (f) => delta(f) !== 0 || FINDINGS[finding(f)] === "against";
  const rows = useMemo(() => {
    const words = filter.toLowerCase();
    const kept = facts.filter((f) => (!chosen || finding(f) === chosen) && (!different || differs(f)) &&
      (!words || `${source(f)} ${target(f)} ${f.event} ${f.answer?.note ?? ""}`.toLowerCase().includes(words)));
    const by = columns.find((c) => c.name === sort.replace(/^-/, ""))?.sort ?? ((f) => f.row), sign = sort.startsWith("-") ? -1 : 1;
    return sort === "row" ? kept : kept.sort((a, b) => { const x = by(a), y = by(b); return x < y ? -sign : x > y ? sign : a.row - b.row; });
  }, [facts, filter, chosen, sort, different]);
  const differing = useMemo(() => facts.filter(differs).length, [facts]);
  return html`<section class="panel" aria-labelledby="facts">
    <header><h2 id="facts">${_("Facts")}</h2>
      <span class="end buttons"><input type="search" id="filter" value=${filter} placeholder=${_("Filter: address, port, text")} aria-label=${_("Filter facts")} onInput=${(e) => setQuery({ find: e.target.value })} />
        <button class="chip" aria-pressed=${String(different)} onClick=${() => setQuery({ differences: different ? null : "1" })}>${_("Differences only")} <b>${number(differing)}</b></button></span></header>
    <${Grid} label=${_("Facts: {a} states, {b} finds", { a: sides.opener, b: sides.answerer })} columns=${columns} rows=${rows} total=${facts.length} sort=${sort} opened=${(f) => html`<${Opened} fact=${f} sides=${sides} data=${data} />`} />
  </section>`;
}

function Next({ data, own }) {
  const [act, setAct] = useState(null);
  const possible = data.useful?.length ? data.useful : data.possible ?? [];
  const offered = possible.filter((k) => acts[k]), answers = possible.includes("answer");
  useKeys(Object.fromEntries(offered.filter((k) => acts[k].key).map((k) => [acts[k].key, () => setAct(k)])), [offered.join()]);
  const id = data.case;
  return html`<div class="buttons"><b>${_("Next")}</b>
    ${answers && html`<a class="button primary" href="/check?case=${encodeURIComponent(id)}">${_("Check own logs and answer")} <kbd>h</kbd></a>`}
    ${offered.map((k) => html`<button onClick=${() => setAct(k)}>${acts[k].verb()}${acts[k].key ? html` <kbd>${acts[k].key}</kbd>` : ""}</button>`)}
    ${act && html`<${Act} name=${act} matter=${id} done=${() => setAct(null)} />`}
  </div>`;
}

export function Case({ session, place }) {
  const now = useNow();
  const { data, fault } = useApi("show", { words: [place.path[1]] });
  const sheetFacts = data?.sheets?.at(-1)?.facts;
  const facts = useMemo(() => (sheetFacts ?? []).map((f, row) => ({ row, ...f })), [sheetFacts]);
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const sides = sidesOf(data), own = session.party, state = data.state.state ?? {}, sheet = data.state.sheets?.at(-1);
  const due = sheet?.deadline?.met ? null : sheet?.deadline?.due;
  document.title = `${data.numbers[own] ?? data.title}${due ? ` · ${_("answer due {T}", { T: utc(due) })}` : ""} · parley desk`;
  return html`<${Trouble} fault=${fault} />
    <div class="head"><div>
      <p class="small quiet">${[word("kind", data.state.kind), data.numbers[sides.opener], data.numbers[sides.answerer]].filter(Boolean).join(" · ")} · ${_("raised {T}", { T: when(data.state.opened) })}</p>
      <h1>${data.title}</h1></div><${Tlp} level=${data.state.tlp} /></div>
    <div class="sides">
      <div><span class="small quiet">${_("Raised by")}</span><br /><b>${sides.opener}</b> / ${sides.from}<${Us} party=${sides.opener} own=${own} /></div>
      <div><b>${[state.opener, state.answerer, state.joint].filter(Boolean).map((w) => word("state", w)).join(" · ")}</b>${due ? html`<${Clock} since=${sheet.delivered} due=${due} lapsed=${sheet.deadline.lapsed} now=${now} />` : ""}</div>
      <div><span class="small quiet">${_("Answers")}</span><br /><b>${sides.answerer}</b> / ${sides.to}<${Us} party=${sides.answerer} own=${own} /></div>
    </div>
    <div class="stack">
      <${Next} data=${data} own=${own} />
      ${facts.length > 0 && html`<${Standing} data=${data} sheet=${sheet} facts=${facts} sides=${sides} />`}
      ${data.text && html`<p class="said">${data.text}</p>`}
      <${TimeLine} data=${data} sides=${sides} now=${now} />
      ${facts.length > 0 && html`<${Facts} data=${data} facts=${facts} sides=${sides} />`}
    </div>`;
}
