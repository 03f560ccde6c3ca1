// The answer to a case, fact by fact: what `check` suggests stands in italics until a person takes it.
import { html } from "htm/preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { caseAddress } from "../cases.js";
import { Coverage, coverageFile } from "../coverage.js";
import { factAt, FINDING_NAMES } from "../facts-table.js";
import { useCase } from "../facts.js";
import { readFindings, writeFindings } from "../findings.js";
import { Grid } from "../grid.js";
import { _, _n, number, word } from "../i18n.js";
import { useKeys } from "../keys.js";
import { plain, Tlp, Trouble, Waiting } from "../parts.js";
import { go } from "../router.js";
import { filled, Line, LogFields, logOptions, logsOf, Progress, Text, useRun } from "../sending.js";
import { utcFull } from "../time.js";

const WORDS = FINDING_NAMES.slice(0, 8);

const time = (seconds) => (seconds === undefined ? "" : new Date(seconds * 1000).toISOString().replace(".000Z", "Z"));

/** What a row says now: the person's own word, else what is on record, else what is suggested. */
function saidOf(table, own, suggested, row) {
  if (own.has(row)) return { ...own.get(row), how: "own" };
  if (suggested.has(row)) return { ...suggested.get(row), how: "suggested" };
  const f = factAt(table, row);
  return {
    finding: f.finding === "unanswered" ? "" : f.finding,
    count: f.found ?? "",
    first: time(f.foundFirst),
    last: time(f.foundLast),
    upstream: f.upstream,
    note: f.note,
    how: f.finding === "unanswered" ? "open" : "record",
  };
}

function columnsOf(table, own, suggested, set, take) {
  const at = (row) => factAt(table, row),
    said = (row) => saidOf(table, own, suggested, row);
  return [
    { name: "row", head: "#", width: "48px", number: true, cell: (r) => r },
    {
      name: "first_seen",
      head: _("First seen, UTC"),
      width: "148px",
      cell: (r) => (at(r).first === undefined ? "" : utcFull(time(at(r).first))),
    },
    {
      name: "source",
      head: _("Source"),
      width: "minmax(168px, 1fr)",
      cell: (r) => {
        const f = at(r);
        return html`<bdi>${f.src || f.object}${f.srcPort === undefined ? "" : `:${f.srcPort}`}</bdi>`;
      },
    },
    {
      name: "target",
      head: _("Destination"),
      width: "minmax(80px, 1fr)",
      cell: (r) => {
        const f = at(r);
        return html`<bdi>${f.dst}${f.dstPort === undefined ? "" : `:${f.dstPort}`}</bdi>`;
      },
    },
    { name: "event", head: _("Event"), width: "120px", cell: (r) => html`<bdi>${word("event", at(r).event)}</bdi>` },
    { name: "count", head: _("Count"), width: "64px", number: true, cell: (r) => (at(r).count === undefined ? "" : number(at(r).count)) },
    {
      name: "finding",
      head: _("Finding"),
      width: "212px",
      other: true,
      cell: (r) => {
        const s = said(r);
        return html`<span class="setting"><select aria-label=${_("Finding on fact {n}", { n: r })} class=${s.how === "suggested" ? "suggested" : ""} value=${s.finding} onChange=${(e) => set(r, { finding: e.target.value })}>
        <option value="">–</option>${WORDS.map((w) => html`<option value=${w}>${s.how === "suggested" && w === s.finding ? _("{finding}?", { finding: word("finding", w) }) : word("finding", w)}</option>`)}</select>
        ${s.how === "suggested" && html`<button type="button" aria-label=${_("Take the suggestion on fact {n}", { n: r })} onClick=${() => take([r])}>✓</button>`}</span>`;
      },
    },
    {
      name: "found_count",
      head: _("Our count"),
      width: "100px",
      cell: (r) => {
        const s = said(r);
        return html`<input type="number" min="0" aria-label=${_("Our count of fact {n}", { n: r })} disabled=${!s.finding} value=${s.count ?? ""} onChange=${(e) => set(r, { count: e.target.value })} />`;
      },
    },
    {
      name: "note",
      head: _("Note"),
      width: "minmax(140px, 2fr)",
      cell: (r) => {
        const s = said(r);
        return html`<span class="setting">${s.finding === "relayed" && html`<input aria-label=${_("Upstream address of fact {n}, from where it was relayed", { n: r })} placeholder=${_("upstream address")} spellcheck="false" value=${s.upstream ?? ""} onChange=${(e) => set(r, { upstream: e.target.value.trim() })} />`}
        <input aria-label=${_("Note on fact {n}", { n: r })} disabled=${!s.finding} value=${s.note ?? ""} onChange=${(e) => set(r, { note: e.target.value })} /></span>`;
      },
    },
  ];
}

/** One's own logs are looked at here, on this machine, and what they suggest is filled in. */
function Logs({ matter, found, open }) {
  const { run, why, busy, says } = useRun(),
    [told, setTold] = useState("");
  const look = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target),
      logs = logsOf(form);
    setTold("");
    const said = await run("check", { words: [matter], options: { logs, ...logOptions(form), ...filled(form, ["territory", "country"]) } });
    if (!said) return;
    found(said);
    const words = Object.entries(said.findings)
      .filter(([, n]) => n)
      .map(([name, n]) => `${word("finding", name)} ${number(n)}`)
      .join(", ");
    setTold(
      `${_n("{n} line was read.", "{n} lines were read.", said.logs.lines)} ${words}. ${said.doubts.length ? _n("{n} address is to be looked at once more.", "{n} addresses are to be looked at once more.", said.doubts.length) : ""}`,
    );
  };
  return html`<details class="panel in" id="logs" open=${open}><summary><b>${_("Check own logs")}</b> <span class="quiet">${_("They are read on this machine; nothing is sent from here.")}</span></summary>
    <form onSubmit=${look}>
      <${LogFields}><label><span>${_("Territory table: a file")}</span><input name="territory" /></label><label><span>${_("Our country, as FR")}</span><input name="country" maxlength="2" /></label><//>
      ${why && html`<p class="attn field" role="alert">${why}</p>`}
      <p class="buttons field"><button disabled=${busy}>${_("Check")}</button></p>
      <${Progress} busy=${busy} says=${says} />
      <p class="field" role="status">${told}</p>
    </form></details>`;
}

function Answering({ data, table, sheet }) {
  const [own, setOwn] = useState(new Map()),
    [suggested, setSuggested] = useState(new Map());
  const [cover, setCover] = useState([]),
    [territory, setTerritory] = useState(null);
  const [current, setCurrent] = useState(0),
    form = useRef();
  const { run, why, busy, says } = useRun();
  const facts = table?.rows ?? 0,
    rows = useMemo(() => Uint32Array.from({ length: facts }, (_x, i) => i), [facts]);
  const set = (row, part) =>
    setOwn((old) => {
      const next = new Map(old),
        { how: _how, ...was } = saidOf(table, old, suggested, row),
        now = { ...was, ...part };
      if (part.finding !== undefined && part.finding !== was.finding) Object.assign(now, { count: "", first: "", last: "", upstream: "" });
      now.finding ? next.set(row, now) : next.delete(row);
      return next;
    });
  const drop = (row) =>
    setSuggested((old) => {
      const next = new Map(old);
      next.delete(row);
      return next;
    });
  const take = (list) => {
    setOwn((old) => {
      const next = new Map(old);
      for (const r of list) if (!next.has(r) && suggested.has(r)) next.set(r, suggested.get(r));
      return next;
    });
  };
  const change = (row, part) => {
    set(row, part);
    if (part.finding === "") drop(row);
  };
  const waiting = [...suggested.keys()].filter((r) => !own.has(r));
  const onRecord = table ? table.finding.reduce((n, f, i) => n + (f !== 8 && !own.has(i) && !suggested.has(i)), 0) : 0;
  const answered = own.size + onRecord,
    left = facts - answered - waiting.length;
  useKeys({
    ...(facts ? Object.fromEntries(WORDS.map((w, i) => [String(i + 1), () => change(rows[current], { finding: w })])) : {}),
    t: () => facts && take([rows[current]]),
    Escape: () => go(caseAddress(data.case)),
  });
  const found = (said) => {
    setSuggested(readFindings(said.findings_sheet ?? ""));
    setCover((old) => [...old.filter((r) => !said.coverage.some((c) => c.source === r.source)), ...said.coverage]);
    setTerritory(said.territory_table ?? null);
  };
  const send = async (event) => {
    event.preventDefault();
    const fields = new FormData(form.current),
      options = { ...filled(fields, ["text", "waive", "own-number", "done"]), draft: event.submitter?.value === "draft" };
    if (cover.length) options.coverage = coverageFile(cover, territory);
    if (facts) options.sheet = sheet.sheet;
    if (await run("answer", { words: [data.case, ...(facts ? [{ content: writeFindings(own) }] : [])], options }, _("Answer")))
      go(caseAddress(data.case));
  };
  return html`<div class="stack">
    ${facts > 0 && html`<${Logs} matter=${data.case} found=${found} open=${location.hash === "#logs"} />`}
    <form class="stack" ref=${form} onSubmit=${send}>
      ${
        facts > 0 &&
        html`<section class="panel answers" aria-labelledby="facts"><header><h2 id="facts">${_("Facts")}</h2><span class="quiet">${_("Keys 1 to 8 set the finding of the row.")}</span>
        ${waiting.length > 0 && html`<span class="end buttons"><button type="button" onClick=${() => take(waiting)}>${_n("Take {n} suggestion", "Take {n} suggestions", waiting.length)}</button></span>`}</header>
        ${suggested.size > 0 && html`<p class="in">${_("Suggested by check. Nothing is sent until a person answers.")}</p>`}
        <${Grid} label=${_("Facts and our findings")} columns=${columnsOf(table, own, suggested, change, take)} rows=${rows} total=${facts} card=${152} current=${current} onCurrent=${setCurrent} open=${null} onOpen=${() => {}} /></section>`
      }
      <${Coverage} rows=${cover} setRows=${setCover} table=${table} />
      <section class="panel in"><${Text} label=${_("The answer in words")} required=${!facts} />
        <${Line} name="own-number" label=${_("The number in our own files")} />
        ${facts > 0 && html`<${Line} name="waive" label=${_("Why it is sent, where addresses in it are doubtful")} />`}</section>
      <div class="foot-bar panel in">
        ${why && html`<p class="attn" role="alert">${why}</p>`}
        <${Progress} busy=${busy} says=${says} />
        <div class="buttons"><span role="status">${facts ? `${_n("{n} answered", "{n} answered", answered)}, ${_n("{n} suggested", "{n} suggested", waiting.length)}, ${_n("{n} open", "{n} open", left)}` : ""}${facts && !cover.length ? ` · ${_("coverage statement missing")}` : ""}</span>
          <button value="draft" disabled=${busy || (facts > 0 && !own.size)}>${_("Save draft")}</button>
          <button class="primary" value="send" disabled=${busy || (facts > 0 && !own.size)}>${_("Send")}</button></div></div>
    </form></div>`;
}

export function Answer({ session, place }) {
  const { data, tables, fault } = useCase(place.path[1], session.party);
  useEffect(() => {
    if (data) document.title = `${_("Answer")}: ${plain(data.title, 60)} · parley desk`;
  });
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const may = (data.possible ?? []).includes("answer");
  return html`<${Trouble} fault=${fault} /><p><a href=${caseAddress(data.case)}>← ${_("the case")}</a></p>
    <div class="head"><div><p class="small quiet">${_("Answer")}</p><h1 dir="auto" class="title">${data.title}</h1></div><${Tlp} level=${data.state.tlp} /></div>
    ${may ? html`<${Answering} data=${data} table=${tables.at(-1)} sheet=${data.sheets?.at(-1)} />` : html`<p>${_("There is nothing in this case that we may answer now.")}</p>`}`;
}
