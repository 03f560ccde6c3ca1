// What came since one left, or since yesterday: for who comes next.
import { html } from "htm/preact";
import { caseAddress } from "../cases.js";
import { _, _n, number, word } from "../i18n.js";
import { useApi } from "../live.js";
import { Icon, Trouble, Waiting } from "../parts.js";
import { leftOrDay } from "../seen.js";
import { useState } from "preact/hooks";
import { utc, when } from "../time.js";

export function Handover() {
  const [since] = useState(leftOrDay);
  const { data, fault } = useApi("handover", { options: { since } });
  document.title = `${_("Handover")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const messages = data.changed.reduce((n, c) => n + c.messages, 0);
  return html`<${Trouble} fault=${fault} />
    <div class="head"><div><h1>${_n("{n} message since {T}", "{n} messages since {T}", messages, { T: when(data.since) })}</h1></div>
      <div class="buttons no-print"><button onClick=${() => print()}>${_("Print")}</button></div></div>
    <div class="stack">
      ${data.unopened.map((u) => html`<p class="note bad"><${Icon} name="warning" /> ${_("Entry {n} of {P} could not be opened here: {why}", { n: u.entry, P: u.with, why: u.why })}</p>`)}
      <section class="panel" aria-labelledby="changed"><header><h2 id="changed">${_("Changed")}</h2><span class="end">${number(data.changed.length)}</span></header>
        ${
          data.changed.length
            ? html`<table class="listed"><thead><tr><th scope="col">${_("Case")}</th><th scope="col">${_("With")}</th><th scope="col">${_("Before")}</th><th scope="col">${_("Now")}</th><th scope="col" class="number">${_("Messages")}</th></tr></thead>
          <tbody>${data.changed.map(
            (
              c,
            ) => html`<tr><td><a class="strong" href=${caseAddress(c.case)}><bdi class="clamp">${c.title ?? c.case}</bdi></a></td><td>${c.with}</td>
            <td data-head=${_("Before")}>${c.before ?? _("new")}</td><td data-head=${_("Now")}>${c.now}</td><td class="number" data-head=${_("Messages")}>${number(c.messages)}</td></tr>`,
          )}</tbody></table>`
            : html`<p class="in quiet">${_("Nothing.")}</p>`
        }</section>
      <section class="panel" aria-labelledby="promised"><header><h2 id="promised">${_("Due and promised")}</h2><span class="end">${_("times in UTC")}</span></header>
        ${
          data.due.length
            ? html`<table class="listed"><tbody>${data.due.map(
                (
                  d,
                ) => html`<tr><td class="whole">${d.due ? utc(d.due) : ""}</td><td class="strong">${d.what ? word("kind", d.what) : ""}</td><td>${d.waits_for ?? ""}</td>
          <td>${d.case ? html`<a href=${caseAddress(d.case)}><bdi class="clamp">${d.title ?? d.case}</bdi></a>` : ""}${d.words && html`<div class="small quiet"><bdi>${d.words}</bdi></div>`}</td></tr>`,
              )}</tbody></table>`
            : html`<p class="in quiet">${_("Nothing.")}</p>`
        }</section>
    </div>`;
}
