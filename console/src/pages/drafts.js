// What another officer wrote and signed, and what waits for a second signature: read, signed and sent, or sent back.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { caseAddress } from "../cases.js";
import { _, _n, word } from "../i18n.js";
import { useApi } from "../live.js";
import { Icon, Tlp, Trouble, Waiting } from "../parts.js";
import { go } from "../router.js";
import { Line, SendDialog, Text, useRun } from "../sending.js";
import { when } from "../time.js";

/** A member of the message, as words. */
const written = (value) =>
  Array.isArray(value)
    ? value.map(written).join("; ")
    : value && typeof value === "object"
      ? Object.entries(value)
          .map(([k, v]) => `${k}: ${written(v)}`)
          .join(", ")
      : String(value);

const needs = (d) =>
  d.trouble
    ? d.trouble
    : d.missing
      ? `${_n("{n} signature is missing", "{n} signatures are missing", d.missing)}${d.roles.length ? ` (${d.roles.join(", ")})` : ""}`
      : _("nothing is missing");

function Actions({ draft, session }) {
  const [what, act] = useState(null);
  const { run, why, busy } = useRun();
  const later = async (verb) => (await run("drafts", { words: [verb, draft.id] })) && go("/inbox");
  const close = () => act(null),
    end = () => go("/inbox");
  return html`<div class="buttons no-print">
      <button class="primary" onClick=${() => act("clear")}>${_("Sign and send")}</button><button onClick=${() => act("refuse")}>${_("Send back")}</button>
      <button onClick=${() => later("renew")} disabled=${busy}>${_("Sign anew as of now")}</button><button onClick=${() => act("drop")}>${_("Drop")}</button></div>
    ${why && html`<p class="attn" role="alert">${why}</p>`}
    ${
      what === "clear" &&
      html`<${SendDialog} title=${_("Sign and send")} says=${_("You sign exactly what stands on this page; it can't be taken back.")} command="clear" verb=${_("Sign and send")} close=${close} done=${end}
      call=${(f) => ({ words: [draft.id], options: { yes: true, hash: draft.hash, ...(f.get("officer") ? { officer: f.get("officer") } : {}) } })}>
      <${Line} name="officer" required label=${_("Who signs")} hint=${_("Somebody else than who wrote it.")} value=${draft.by === session.officer ? "" : session.officer} /><//>`
    }
    ${
      what === "refuse" &&
      html`<${SendDialog} title=${_("Send back")} says=${_("The reason stays with the draft; nothing goes to the other side.")} command="clear" verb=${_("Send back")} close=${close} done=${end}
      call=${(f) => ({ words: [draft.id], options: { hash: draft.hash, refuse: f.get("text"), ...(f.get("officer") ? { officer: f.get("officer") } : {}) } })}>
      <${Line} name="officer" label=${_("Who sends it back")} value=${session.officer} /><${Text} label=${_("Reason")} required /><//>`
    }
    ${what === "drop" && html`<${SendDialog} title=${_("Drop the draft")} says=${_("It is deleted here; the other side never knew of it.")} command="drafts" verb=${_("Drop")} close=${close} done=${end} call=${() => ({ words: ["drop", draft.id] })} />`}`;
}

export function Draft({ session, place }) {
  const { data: d, fault } = useApi("drafts", { words: ["show", place.path[1]] });
  document.title = `${_("Draft")} · parley desk`;
  if (!d) return fault ? html`<${Trouble} fault=${fault} /><p><a href="/inbox">${_("Inbox")}</a></p>` : html`<${Waiting} />`;
  return html`<p><a href="/inbox">← ${_("Inbox")}</a></p>
    <div class="head"><div><p class="small quiet">${_("Draft")} · ${word("kind", d.kind)} · ${_("written {T}", { T: when(d.written) })}</p><h1 class="kind" dir="auto">${d.title ?? word("kind", d.kind)}</h1></div><${Tlp} level=${d.tlp} /></div>
    <div class="stack">
      <${Trouble} fault=${fault} />
      ${d.refused && html`<p class="note"><b>${_("Sent back by {P}, {T}:", { P: d.refused.by, T: when(d.refused.time) })}</b> ${d.refused.reason}</p>`}
      ${d.stale && html`<p class="note bad"><${Icon} name="warning" /> ${d.stale}</p>`}
      ${d.since > 0 && html`<p class="note">${_n("{n} message came since it was written: look at the case first.", "{n} messages came since it was written: look at the case first.", d.since)}</p>`}
      <${Actions} draft=${d} session=${session} />
      <section class="panel"><header><h2>${_("What is signed")}</h2><span class="end">${needs(d)}</span></header>
        <dl class="pairs in"><dt>${_("From")}</dt><dd>${d.from} (${d.by})</dd><dt>${_("To")}</dt><dd>${d.to}</dd>
          ${d.case && html`<dt>${_("Case")}</dt><dd><a href=${caseAddress(d.case)}>${d.case}</a></dd>`}
          <dt>${_("Signed by")}</dt><dd>${d.signed_by.join(", ")}</dd>
          ${Object.entries(d.states ?? {}).map(([k, v]) => html`<dt>${k}</dt><dd>${written(v)}</dd>`)}
          ${d.attachments.map((a) => html`<dt>${_("Attached")}</dt><dd>${a.name || a.role} <span class="quiet">${_n("{n} byte", "{n} bytes", a.bytes)}</span></dd>`)}
          <dt>SHA-256</dt><dd class="mono">${d.hash}</dd></dl></section>
      ${d.text && html`<p class="said" lang=${d.states?.lang}>${d.text}</p>`}
    </div>`;
}

/** Rows for the inbox. */
export const DraftRows = ({ drafts }) =>
  html`<table class="listed"><tbody>${drafts.map(
    (d) => html`<tr>
  <td>${d.written ? when(d.written) : ""}</td><td><a class="strong" href="/draft/${d.id}">${d.kind ? word("kind", d.kind) : d.id}</a>${d.title && html`<div class="small quiet">${d.title}</div>`}</td>
  <td>${d.by ?? ""}</td><td>${d.to ?? ""}</td><td>${d.refused ? html`<b>${_("sent back")}</b>` : ""} ${needs(d)}</td><td>${d.tlp && html`<${Tlp} level=${d.tlp} />`}</td></tr>`,
  )}</tbody></table>`;
