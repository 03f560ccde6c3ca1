// Origins that both sides compute of one case: what each sent, whether the bytes are the same, and where they are not.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { _, _n, number } from "./i18n.js";
import { useApi } from "./live.js";
import { Icon } from "./parts.js";
import { originName, UNIT_WORDS, UNITS } from "./origins-data.js";
import { SendDialog, useRun } from "./sending.js";
import { utc } from "./time.js";

/** Canonical JSON (RFC 8785) of what has no fractions: members by their names, as JavaScript sorts strings. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)
    .join(",")}}`;
}
const bytesOf = (origins) => new TextEncoder().encode(`${canonical(origins)}\n`);
const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");

/** Where two documents first differ, how many bytes each has, and what stands there. */
export function byteDifference(one, other) {
  const [a, b] = [bytesOf(one), bytesOf(other)],
    least = Math.min(a.length, b.length);
  let at = 0;
  while (at < least && a[at] === b[at]) at++;
  let end = 0;
  while (end < least - at && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const part = (all) => {
    const text = new TextDecoder(),
      to = all.length - end;
    return {
      before: text.decode(all.slice(Math.max(0, at - 40), at)),
      differs: text.decode(all.slice(at, Math.min(to, at + 120))),
      long: to - at,
      after: to - at > 120 ? "…" : text.decode(all.slice(to, to + 24)),
    };
  };
  return { same: a.length === b.length && at === a.length, at, sizes: [a.length, b.length], parts: [part(a), part(b)] };
}

/** Whether the page, too, gets the document's name of what it shows. */
function Named({ one }) {
  const [good, setGood] = useState(null);
  useEffect(() => {
    crypto.subtle?.digest("SHA-256", bytesOf(one.origins)).then((sum) => setGood(hex(sum) === one.document));
  }, [one.document]);
  return html`<span class="mono">${one.document.slice(0, 16)}…</span> ${_n("{n} byte", "{n} bytes", bytesOf(one.origins).length)}${good === false ? html` <span class="attn">${_("these are not the bytes that were sent")}</span>` : ""}`;
}

const basis = ({ origins: o }) => `${UNIT_WORDS[o.unit]?.() ?? o.unit} · ${o.table.name}`;
const senders = (one) => one.sent.map((s) => `${s.party}, ${utc(s.time)} UTC`).join("; ");

function Documents({ list, title }) {
  if (!list.length) return null;
  return html`<h3>${title}</h3><ul class="documents">${list.map((one) =>
    one.broken
      ? html`<li key=${one.document}><span class="mono">${one.document.slice(0, 16)}…</span> ${one.broken}</li>`
      : html`<li key=${one.document}><b>${basis(one)}</b> <span class="quiet">${senders(one)}</span><br /><span class="small quiet"><${Named} one=${one} /></span></li>`,
  )}</ul>`;
}

const cell = (row) => (row ? UNITS.map((unit) => number(row[unit])).join(" / ") : "–");

export function Differences({ compared, parties, by }) {
  return html`${compared.reasons.length > 0 && html`<ul class="dots">${compared.reasons.map((why) => html`<li>${_(why)}</li>`)}</ul>`}
    ${
      compared.differences.length > 0 &&
      html`<div class="scrolls" tabindex="0" role="region" aria-label=${_("Differences")}><table><thead><tr><th scope="col">${_("origin")}</th>${parties.map((p) => html`<th scope="col" class="number">${p}<br /><span class="quiet">${UNITS.map((unit) => UNIT_WORDS[unit]()).join(" / ")}</span></th>`)}</tr></thead>
      <tbody>${compared.differences.map((d) => html`<tr key=${d.origin}><th scope="row">${originName(d.origin, parties.map((p) => d[p]?.as_name).find(Boolean), by)}</th>${parties.map((p) => html`<td class="number">${cell(d[p])}</td>`)}</tr>`)}</tbody></table></div>`
    }`;
}

/** The last computation of each side that is not the other's, byte by byte. */
function Bytes({ apart, compared }) {
  const told = apart.filter((one) => !one.broken),
    parties = [...new Set(told.map((one) => one.sent[0].party))].sort();
  if (!compared || parties.length < 2) return null;
  const last = parties.map((p) => told.findLast((one) => one.sent[0].party === p)),
    how = byteDifference(last[0].origins, last[1].origins);
  return html`<h3>${_("What the last of each say differently:")}</h3>
    <p>${_("From byte {at} on they differ: {a} of {n} bytes are other bytes in the one, {b} of {m} in the other.", { at: number(how.at + 1), a: number(how.parts[0].long), n: number(how.sizes[0]), b: number(how.parts[1].long), m: number(how.sizes[1]) })}</p>
    <div class="checkpoints bytes">${parties.map((p, i) => html`<div><b>${p}</b> <span class="small quiet">${basis(last[i])}</span><pre tabindex="0" aria-label=${_("The bytes of {P} where they differ", { P: p })}>…${how.parts[i].before}<mark>${how.parts[i].differs || "∅"}</mark>${how.parts[i].after}</pre></div>`)}</div>
    <${Differences} compared=${compared} parties=${parties} by=${last[0].origins.by} />`;
}

function Recomputed({ list, parties, tables }) {
  return html`<div role="status"><ul class="documents">${list.map((one) => html`<li key=${one.document}><span class="mono">${one.document.slice(0, 16)}…</span> ${one.not_recomputed ? html`<${Icon} name="warning" /> ${_("not recomputed:")} ${one.not_recomputed}` : one.recomputed.same ? html`<b>${_("the same: recomputed byte for byte")}</b>` : html`<b>${_("not the same:")}</b><${Differences} compared=${one.recomputed} parties=${parties} by=${tables.by} />`}</li>`)}</ul></div>`;
}

/** `call`: what is counted now, which may be sent; `own`: this side. */
export function Joint({ matter, call, docs, own }) {
  const { data, fault } = useApi("origins", { words: [matter], options: { joint: true } });
  const { run, why, busy } = useRun(),
    [list, setList] = useState(null),
    [sends, setSends] = useState(false);
  const compare = async () => {
    const said = await run("origins", { words: [matter], options: { territory: call.options.territory, compare: true } });
    setList(Array.isArray(said) ? said : null);
  };
  const other = Object.keys(docs[0].cut ?? {}).find((p) => p !== own) ?? "";
  const { territory, by, unit } = call.options;
  return html`<section class="panel" aria-labelledby="joint"><header><h2 id="joint">${_("What both sides computed")}</h2>
      <span class="end">${_("A table is joint once both have sent the same bytes.")}</span></header><div class="in stack">
    ${data && !data.alike.length && !data.apart.length ? html`<p>${_("Neither side has sent a count of this case yet.")}</p>` : ""}
    ${
      data
        ? html`<${Documents} list=${data.alike} title=${_("computed alike by both")} /><${Documents} list=${data.apart} title=${_("sent by one side alone")} /><${Bytes} apart=${data.apart} compared=${data.last_compared} />`
        : html`<p class="quiet">${fault ? fault.message : _("One moment …")}</p>`
    }
    ${why && html`<p class="attn" role="alert">${why}</p>`}
    ${list && html`<${Recomputed} list=${list} parties=${[other, own]} tables=${call.options} />`}
    <p class="buttons no-print"><button type="button" disabled=${busy} onClick=${compare}>${_("Recompute what they sent")}</button><button type="button" onClick=${() => setSends(true)}>${_("Send these counts")}</button></p>
    ${
      sends &&
      html`<${SendDialog} title=${_("Send these counts")} says=${_("A document a table, counted at the last cut that both records confirm. The other side can recompute it byte for byte.")} command="origins" verb=${_("Send")}
      call=${() => ({ words: [matter], options: { territory, by, unit, send: true } })} close=${() => setSends(false)} />`
    }</div></section>`;
}
