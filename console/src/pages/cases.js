// Every case, as lists show it.
import { html } from "htm/preact";
import { caseAddress, stateWords, titled } from "../cases.js";
import { _, _n } from "../i18n.js";
import { useApi, useNow } from "../live.js";
import { Clock, Tlp, Trouble, Waiting } from "../parts.js";
import { useQuery } from "../router.js";
import { useSome } from "../some.js";
import { utc } from "../time.js";

export function Cases({ session }) {
  const find = useQuery().get("find") ?? "";
  const now = useNow();
  const { data, fault } = useApi("cases", { options: { brief: true, find: find || false } });
  const [some, end] = useSome(data?.length ?? 0);
  document.title = `${_("Cases")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const own = session.party;
  return html`<${Trouble} fault=${fault} />
    <h1>${_n("{n} case", "{n} cases", data.length)}${find ? _(" with “{find}”", { find }) : ""}</h1>
    ${find && html`<p><a href="/cases">${_("All cases")}</a></p>`}
    <div class="panel">
      <table class="cards">
        <thead><tr><th scope="col">${_("What")}</th><th scope="col">${_("State")}</th><th scope="col">${_("Case: ours, theirs")}</th><th scope="col">${_("With")}</th><th scope="col">${_("Opened, UTC")}</th><th scope="col">${_("Due")}</th><th scope="col" class="number">${_("Handling")}</th></tr></thead>
        <tbody>${data.slice(0, some).map((c) => html`<tr key=${c.case}>
          <td><a href=${caseAddress(c.case)}><bdi class="clamp">${titled(c)}</bdi></a></td>
          <td>${stateWords(c)}${c.facts ? html`<div class="small quiet">${_("{n} of {m} facts answered.", { n: c.answered, m: c.facts })}</div>` : ""}</td>
          <td class="whole">${c.numbers[own] ?? _("none yet")}<div class="quiet">${c.numbers[c.with] ?? _("number unknown")}</div></td>
          <td>${c.with}</td><td class="whole">${utc(c.opened)}</td>
          <td>${c.due ? html`<${Clock} since=${c.opened} due=${c.due} lapsed=${c.lapsed} now=${now} />` : ""}</td>
          <td class="number"><${Tlp} level=${c.tlp} /></td>
        </tr>`)}</tbody>
      </table>
      ${some < data.length && html`<p class="in small quiet" ref=${end}>${_("{n} of {m} shown", { n: some, m: data.length })}</p>`}
    </div>`;
}
