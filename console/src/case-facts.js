// The facts of a case: a table with each side's words on its own side of the rule, its filter, its copy, its print.
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { differs, eachRow, FINDING_NAMES, factAt, rowsText, talkOf } from "./facts-table.js";
import { Grid } from "./grid.js";
import { _, _n, number, word } from "./i18n.js";
import { Key, useKeys } from "./keys.js";
import { Finding, Icon, Said, Us } from "./parts.js";
import { go, setQuery } from "./router.js";
import { span, utc, utcFull } from "./time.js";

const PRINTED = 2000; // rows at most on paper
const iso = (seconds) => (seconds === undefined ? "" : new Date(seconds * 1000).toISOString().replace(".000Z", "Z"));
const delta = (f) => (f.found === undefined || f.count === undefined ? 0 : f.found - f.count);
const place = (address, port) => html`<bdi>${address}</bdi>${port === undefined ? "" : html`<span class="quiet">:${port}</span>`}`;
const source = (f) => (f.src || f.srcPort !== undefined ? place(f.src, f.srcPort) : html`<bdi>${f.dst ? "" : f.object}</bdi>`);
const target = (f) => (f.dst || f.dstPort !== undefined ? place(f.dst, f.dstPort) : html`<bdi>${f.src ? f.object : ""}</bdi>`);
const seen = (f) =>
  html`${f.first === undefined ? "" : utc(iso(f.first))} ${f.last === undefined ? "" : html`<span class="quiet">${span((f.last - f.first) * 1000)}</span>`}`;
const found = (f) =>
  html`${f.found === undefined ? "" : number(f.found)}${delta(f) ? html` <span class="delta" title=${_("difference of counts")}>${delta(f) > 0 ? "+" : "−"}${number(Math.abs(delta(f)))}</span>` : ""}`;
const noteOf = (f) => [f.upstream && _("upstream {a}", { a: f.upstream }), f.note].filter(Boolean).join("; ");

/** As wide as the longest of some words, in pixels: languages differ. */
const wide = (words, least, more) =>
  `${Math.min(212, Math.max(least, Math.ceil(Math.max(0, ...words.map((w) => w.length)) * 7.8) + more))}px`;

const COLUMNS = (gone, { rows, event }) => [
  {
    name: "row",
    head: "#",
    width: `${28 + 9 * String(rows).length}px`,
    number: true,
    sort: true,
    cell: (f) => (gone ? html`<s>${f.row}</s>` : f.row),
  },
  { name: "first_seen", head: _("First seen, UTC, lasting"), width: "158px", sort: true, cell: seen },
  {
    name: "source",
    head: _("Source"),
    width: "minmax(152px, 1.6fr)",
    sort: true,
    cell: (f) => (gone ? html`<s>${source(f)}</s>` : source(f)),
  },
  { name: "target", head: _("Destination"), width: "minmax(84px, 1fr)", sort: true, cell: target },
  {
    name: "event",
    head: _("Event"),
    width: wide(
      (event?.texts ?? []).slice(0, 100).map((name) => word("event", name)),
      96,
      20,
    ),
    sort: true,
    cell: (f) => html`<bdi>${word("event", f.event)}</bdi>`,
  },
  { name: "count", head: _("Count"), width: "84px", number: true, sort: true, cell: (f) => (f.count === undefined ? "" : number(f.count)) },
  {
    name: "finding",
    head: _("Finding"),
    width: wide(
      FINDING_NAMES.map((name) => word("finding", name)),
      140,
      44,
    ),
    other: true,
    sort: true,
    cell: (f) => html`<${Finding} name=${f.finding} />${f.changed ? html` <span class="us">${_("new")}</span>` : ""}`,
  },
  { name: "found_count", head: _("Count, Δ"), width: "100px", number: true, sort: true, cell: found },
  { name: "note", head: _("Note"), width: "minmax(96px, 2fr)", cell: (f) => html`<bdi title=${noteOf(f)}>${noteOf(f)}</bdi>` },
  {
    name: "talk",
    head: _("Talk"),
    width: `${Math.max(58, 26 + 8.5 * _("Talk").length)}px`,
    number: true,
    sort: true,
    cell: (f) => (f.talk ? html`<span class="talk">${number(f.talk)}</span>` : ""),
  },
];

/** What both sides said of one fact, each on its own side, in the order of time. */
function Opened({ fact, sides, sheet, said, data, ask, remark }) {
  const lines = (sheet.lines ?? []).filter(([row]) => row === fact.row);
  const mine = said
    .filter(({ rows }) => {
      let has = false;
      eachRow(rows, fact.row + 1, (i) => (has ||= i === fact.row));
      return has;
    })
    .map((s) => s.message);
  const talk = (party) =>
    mine
      .filter((m) => m.party === party)
      .map(
        (m) =>
          html`<p class="said" key=${m.id}><b>${word("kind", m.kind)}</b> <span class="quiet">${utc(m.time)}${m.delivered ? "" : `, ${_("no receipt")}`}</span> <${Said} text=${m.text ?? ""} /></p>`,
      );
  const answer = data.messages.findLast((m) => m.kind === "answer" && m.says?.sheet === sheet.sheet && !m.void);
  const evidence =
    fact.committed === undefined && fact.shown === undefined
      ? _("No lines were committed to.")
      : fact.shown !== undefined
        ? _("{n} of {m} lines shown and verified: they follow from the root that the claim carries.", {
            n: number(fact.shown),
            m: number(fact.committed ?? fact.shown),
          })
        : fact.asked
          ? _n("{n} line committed to, asked for", "{n} lines committed to, asked for", fact.committed ?? 0)
          : _n("{n} line committed to, none shown", "{n} lines committed to, none shown", fact.committed ?? 0);
  return html`<div class="of-opener"><p><b>${_("Seen")}</b> ${_("{a} to {b} UTC", { a: utcFull(iso(fact.first)), b: utcFull(iso(fact.last)) })}${fact.protocol ? html`, <bdi>${fact.protocol}</bdi>` : ""}</p>
      ${fact.object && html`<p><b>${_("Object")}</b> <bdi>${fact.object}</bdi></p>`}
      <p><b>${_("Evidence")}</b> <span class="quiet">${evidence}</span></p>
      ${lines.length > 0 && html`<pre class="loglines" tabindex="0" aria-label=${_("Lines that were shown")}>${lines.map(([, , line]) => html`<bdi>${line}</bdi>${"\n"}`)}</pre>`}
      ${talk(sides.opener)}</div>
    <div class="of-answerer"><p><${Finding} name=${fact.finding} />${fact.foundFirst !== undefined ? html` <span class="quiet">${_("{a} to {b} UTC", { a: utcFull(iso(fact.foundFirst)), b: utcFull(iso(fact.foundLast)) })}</span>` : ""}</p>
      ${noteOf(fact) && html`<p dir="auto">${noteOf(fact)}</p>`}
      ${answer?.says?.coverage?.map((c) => html`<p><b>${_("Coverage")}</b> <span class="quiet"><bdi>${c.source}</bdi>${c.from ? `, ${_("{a} to {b} UTC", { a: utc(c.from), b: utc(c.until ?? c.from) })}` : ""}${c.sampled ? `, ${_("sampled")}` : ""}${c.clock_bound_seconds !== undefined ? `, ${_("clock within {n} s", { n: c.clock_bound_seconds })}` : ""}${c.note ? html`, <bdi>${c.note}</bdi>` : ""}</span></p>`)}
      ${answer && !answer.says?.coverage && html`<p><b>${_("Coverage")}</b> <span class="quiet">${_("none is stated")}</span></p>`}
      ${talk(sides.answerer)}</div>
    <div class="of-both buttons">${remark && html`<button class="link" onClick=${() => remark(fact.row)}>${_("Remark")} <${Key} name="r" /></button>`}
      ${ask && html`<button class="link" onClick=${() => ask(String(fact.row))}>${_("Ask for lines")} <${Key} name="a" /></button>`}
      <a href="#f${fact.row}">${_("Link to this fact")}</a></div>`;
}

const CSV = [
  "fact",
  "first_seen",
  "last_seen",
  "src_ip",
  "src_port",
  "dst_ip",
  "dst_port",
  "object",
  "protocol",
  "event",
  "count",
  "finding",
  "found_count",
  "upstream_ip",
  "note",
];
/** Rows as CSV, never without what they are of and what they do not say. */
export function copyText(data, sheet, facts) {
  const cell = (v) => {
    const t = String(v ?? ""),
      safe = /^[=+@\t\r-]/.test(t) ? `'${t}` : t;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const row = (f) =>
    [
      f.row,
      iso(f.first),
      iso(f.last),
      f.src,
      f.srcPort,
      f.dst,
      f.dstPort,
      f.object,
      f.protocol,
      f.event,
      f.count,
      f.finding,
      f.found,
      f.upstream,
      f.note,
    ]
      .map(cell)
      .join(",");
  return (
    [
      `# TLP:${data.state.tlp ?? "?"}; ${Object.entries(data.numbers)
        .map(([p, n]) => `${p} ${n}`)
        .join(", ")}; ${data.case}`,
      `# ${Object.entries(data.cut)
        .map(([p, n]) => `${p} ${n}`)
        .join(", ")}; ${data.as_of}; ${sheet.sheet}`,
      `# ${_("The origin of traffic is not its author.")} ${_("Silent is neither agreement nor disagreement.")}`,
      CSV.join(","),
      ...facts.map(row),
    ].join("\n") + "\n"
  );
}

/** The table as paper has it: rendered only while one prints. */
function Printed({ data, sheet, table, rows, columns, sides, query }) {
  const much = rows.length > PRINTED,
    all = [...rows],
    shown = much ? all.filter((i) => differs(table, i)).slice(0, PRINTED) : all;
  const label = `TLP:${data.state.tlp} · ${[sides.opener, sides.answerer].map((p) => `${p} ${data.numbers[p] ?? ""}`).join(" · ")} · ${_("cut {a}, as of {T} UTC", { a: Object.values(data.cut).join(", "), T: utcFull(data.as_of) })} · ${_("sheet {s}", { s: sheet.sheet })}`;
  return html`<div class="only-print">
    <p>${_("{n} of {m} shown", { n: number(shown.length), m: number(table.rows) })}${query ? `; ${_("filter: {q}", { q: query })}` : ""}. ${much ? _("Only facts that differ are printed here. The rest: {command}", { command: `parley show ${data.case} --all` }) : ""} ${_("The origin of traffic is not its author.")}</p>
    <table class="printed"><thead><tr class="paper-row"><th colspan=${columns.length}>${label}</th></tr>
      <tr><th colspan="6">${_("{P} states", { P: sides.opener })}</th><th colspan="4" class="other">${_("{P} finds", { P: sides.answerer })}</th></tr>
      <tr>${columns.map((c) => html`<th scope="col" class="${c.number ? "number" : ""} ${c.other ? "other" : ""}">${c.head}</th>`)}</tr></thead>
      <tbody>${shown.map((i) => {
        return html`<tr key=${i}>${columns.map((c) => html`<td class="${c.number ? "number" : ""} ${c.other ? "other" : ""}">${c.cell(i)}</td>`)}</tr>`;
      })}</tbody></table></div>`;
}

function usePrinting() {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const on = () => setPrinting(true),
      off = () => setPrinting(false);
    addEventListener("beforeprint", on);
    addEventListener("afterprint", off);
    return () => (removeEventListener("beforeprint", on), removeEventListener("afterprint", off));
  }, []);
  return printing;
}

export function Facts({ data, sheet, table, order, sides, own, place: at, gone, ask, remark }) {
  const filterBox = useRef(),
    printing = usePrinting();
  const [current, setCurrent] = useState(0),
    [selected, setSelected] = useState(new Set()),
    [told, setTold] = useState("");
  const filter = at.query.get("find") ?? "",
    sort = at.query.get("sort") ?? "row",
    different = at.query.has("differences"),
    talked = at.query.has("talked");
  const rows = order?.order ?? [],
    last = {};
  const factOf = (i) => (last.row === i ? last.fact : ((last.row = i), (last.fact = factAt(table, i)))); // the cells of a row ask one after another
  const columns = COLUMNS(gone, table).map((c) => ({ ...c, cell: (i) => c.cell(factOf(i)) }));
  const said = useMemo(() => talkOf(data.messages, sheet.sheet), [data, sheet]);
  const named = /^f(\d+)$/.exec(at.hash),
    open = named && Number(named[1]) < table.rows ? Number(named[1]) : null;
  const setOpen = (row) => go(location.pathname + location.search + (row === null ? "" : `#f${row}`), true);
  useEffect(() => {
    // a link to a fact, or an order that moved it: the cursor stays with it
    const i = open === null ? -1 : rows.indexOf(open);
    if (i >= 0) setCurrent(i);
  }, [open, order]);
  const seek = (fits, step) => {
    for (let i = current + step; i >= 0 && i < rows.length; i += step) if (fits(rows[i])) return setCurrent(i);
    setTold(_("There is no other such fact here."));
  };
  const waiting = (i) => table.finding[i] === 8 || table.changed[i] === 1;
  const copy = async () => {
    const chosen = selected.size ? [...selected].sort((a, b) => a - b) : rows.length ? [rows[current]] : [];
    try {
      await navigator.clipboard.writeText(
        copyText(
          data,
          sheet,
          chosen.map((i) => factAt(table, i)),
        ),
      );
      setTold(_n("{n} fact copied, with its cut and caveat.", "{n} facts copied, with their cut and caveat.", chosen.length));
    } catch {
      setTold(_("The browser does not let the page copy."));
    }
  };
  const select = (from, to) => {
    const [a, b] = [rows.indexOf(from), rows.indexOf(to)].sort((x, y) => x - y),
      next = new Set(selected);
    for (let i = a; i <= b; i++) next.add(rows[i]);
    setSelected(next);
  };
  const askKey = ask && (() => ask(rowsText(selected.size ? selected : [rows[current]])));
  useKeys({
    n: () => seek(waiting, 1),
    p: () => seek(waiting, -1),
    d: () => setQuery({ differences: different ? null : "1" }),
    f: () => filterBox.current.focus(),
    y: copy,
    x: () => {
      const next = new Set(selected),
        i = rows[current];
      next.has(i) ? next.delete(i) : next.add(i);
      setSelected(next);
    },
    Escape: () => (selected.size ? setSelected(new Set()) : open !== null ? setOpen(null) : go("/cases")),
    ...(ask && rows.length ? { a: askKey } : {}),
    ...(remark && rows.length && open !== null ? { r: () => remark(open) } : {}),
  });
  const query = [filter, at.query.get("finding"), at.query.get("event"), different && _("differences only")].filter(Boolean).join(", ");
  const clear = { find: null, finding: null, event: null, differences: null, talked: null };
  const chip = (name, on, says, n) =>
    html`<button class="chip" aria-pressed=${String(on)} onClick=${() => setQuery({ [name]: on ? null : "1" })}>${says} <b>${number(n)}</b></button>`;
  return html`<section class="panel facts" aria-labelledby="facts">
    <header><h2 id="facts">${_("Facts")}</h2><span class="small quiet no-print">${query ? html`${_n("{n} row is hidden by the filter.", "{n} rows are hidden by the filter.", table.rows - rows.length)} <button class="link" onClick=${() => setQuery(clear)}>${_("Show all")}</button>` : ""}</span>
      <span class="end buttons"><input ref=${filterBox} type="search" id="filter" value=${filter} placeholder=${_("Filter: address, port, text")} aria-label=${_("Filter facts")} aria-keyshortcuts="f" onInput=${(e) => setQuery({ find: e.target.value })} />
        ${order && chip("differences", different, html`${_("Differences only")} <${Key} name="d" />`, order.differing)}${order && (order.talking || talked) ? chip("talked", talked, _("With talk"), order.talking) : ""}
        ${ask && selected.size ? html`<button onClick=${askKey}>${_n("Ask for the lines of {n} fact", "Ask for the lines of {n} facts", selected.size)} <${Key} name="a" /></button>` : ""}</span></header>
    ${open !== null && order && rows.indexOf(open) < 0 && html`<p class="in"><${Icon} name="warning" /> ${_("Fact {n} is hidden by the filter.", { n: open })} <button class="link" onClick=${() => setQuery(clear)}>${_("Show all")}</button></p>`}
    <p class="unseen" role="status">${told}</p>
    ${
      order
        ? html`<${Grid} label=${_("Facts: {a} states, {b} finds", { a: sides.opener, b: sides.answerer })} columns=${columns} rows=${rows} total=${table.rows} sort=${sort} card=${98}
      groups=${[
        { span: 6, head: _("{P} states", { P: sides.opener }) },
        { span: 4, head: html`${_("{P} finds", { P: sides.answerer })}<${Us} party=${sides.answerer} own=${own} />` },
      ]}
      current=${current} onCurrent=${setCurrent} open=${open} onOpen=${setOpen} selected=${selected} select=${select}
      opened=${(i) => html`<${Opened} fact=${factAt(table, i)} sides=${sides} sheet=${sheet} said=${said} data=${data} ask=${ask} remark=${remark} />`} />`
        : html`<p class="in quiet">${_("One moment …")}</p>`
    }
    ${printing && html`<${Printed} data=${data} sheet=${sheet} table=${table} rows=${rows} columns=${columns} sides=${sides} query=${query} />`}
  </section>`;
}
