// Own logs are checked from the answer of a case: here one chooses which.
import { html } from "htm/preact";
import { caseAddress, titled } from "../cases.js";
import { _, _n } from "../i18n.js";
import { useApi } from "../live.js";
import { Trouble, Waiting } from "../parts.js";

const openOf = (c) => c.facts - (c.answered ?? 0);

export function Check({ session }) {
  const { data, fault } = useApi("cases", { options: { brief: true } });
  document.title = `${_("Check logs")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const ours = data.filter((c) => c.facts && c.opener !== session.party).sort((a, b) => openOf(b) - openOf(a));
  return html`<${Trouble} fault=${fault} /><h1>${_("Check logs")}</h1>
    <p class="quiet">${_("Choose a case: its facts are sought in logs on this machine. Nothing is sent until a person answers.")}</p>
    <section class="panel in" aria-label=${_("Cases with facts that others state")}>
      ${ours.length ? html`<ul>${ours.map((c) => html`<li><a href="${caseAddress(c.case)}/answer#logs"><bdi class="text">${titled(c)}</bdi></a> <span class="quiet">${_n("{n} open fact", "{n} open facts", openOf(c))}</span></li>`)}</ul>`
        : html`<p>${_("No other side states facts here.")}</p>`}</section>`;
}
