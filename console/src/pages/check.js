// Own logs are checked from the answer of a case: here one chooses which.
import { html } from "htm/preact";
import { caseAddress, titled } from "../cases.js";
import { useFirst } from "../first.js";
import { _, _n, number } from "../i18n.js";
import { useNow } from "../live.js";
import { Clock, Tlp, Trouble, Waiting } from "../parts.js";

const openOf = (c) => c.facts - (c.answered ?? 0);

export function Check({ session }) {
  const { data, fault } = useFirst(),
    now = useNow();
  document.title = `${_("Check logs")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const ours = data.cases.filter((c) => c.facts && c.opener !== session.party).sort((a, b) => openOf(b) - openOf(a));
  const open = ours.filter((c) => openOf(c)).length;
  return html`<${Trouble} fault=${fault} /><h1>${open ? _n("{n} case has open facts that logs may answer.", "{n} cases have open facts that logs may answer.", open) : _("No fact of the other side is open.")}</h1>
    <p class="quiet">${_("Choose a case: its facts are sought in logs on this machine. Nothing is sent until a person answers.")}</p>
    ${
      ours.length > 0 &&
      html`<section class="panel" aria-label=${_("Cases with facts that others state")}><table class="cards"><thead><tr><th scope="col">${_("Due")}</th><th scope="col">${_("Case")}</th><th scope="col">${_("Open facts")}</th><th scope="col">${_("With")}</th><th scope="col" class="number">${_("Handling")}</th></tr></thead>
      <tbody>${ours.map(
        (c) => html`<tr key=${c.case}><td><${Clock} since=${c.opened} due=${c.due} lapsed=${c.lapsed} now=${now} /></td>
        <td><a class="strong" href="${caseAddress(c.case)}/answer#logs"><bdi class="clamp">${titled(c)}</bdi></a></td><td>${_("{n} of {m}", { n: number(openOf(c)), m: number(c.facts) })}</td>
        <td>${c.with}</td><td class="number"><${Tlp} level=${c.tlp} /></td></tr>`,
      )}</tbody></table></section>`
    }`;
}
