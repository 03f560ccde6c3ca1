// Every case, as lists show it.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { caseAddress, stateWords, titled } from "../cases.js";
import { useFirst } from "../first.js";
import { _, _n, number } from "../i18n.js";
import { useKeys } from "../keys.js";
import { useNow } from "../live.js";
import { Clock, Tlp, Trouble, Waiting } from "../parts.js";
import { go, useQuery } from "../router.js";
import { useSome } from "../some.js";
import { utc } from "../time.js";

export function Cases({ session }) {
  const find = useQuery().get("find") ?? "";
  const now = useNow();
  const { data, fault, newest, more } = useFirst(find);
  const [some, end] = useSome(data?.count ?? 0, more),
    [current, setCurrent] = useState(0);
  useKeys({
    j: () => setCurrent((i) => Math.min(i + 1, newest.length - 1)),
    k: () => setCurrent((i) => Math.max(i - 1, 0)),
    Enter: () => newest[current] && go(caseAddress(newest[current].case)),
  });
  document.title = `${_("Cases")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const own = session.party;
  return html`<${Trouble} fault=${fault} />
    <h1>${_n("{n} case", "{n} cases", data.count)}${find ? _(" with “{find}”", { find }) : ""}</h1>
    ${find && html`<p><a href="/cases">${_("All cases")}</a></p>`}
    <div class="panel">
      <table class="cards">
        <thead><tr><th scope="col">${_("What")}</th><th scope="col">${_("State")}</th><th scope="col">${_("Case: ours, theirs")}</th><th scope="col">${_("With")}</th><th scope="col">${_("Opened, UTC")}</th><th scope="col">${_("Due")}</th><th scope="col" class="number">${_("Handling")}</th></tr></thead>
        <tbody>${newest.slice(0, Math.max(some, current + 1)).map(
          (c, i) => html`<tr key=${c.case} class=${i === current ? "current" : ""}>
          <td><a href=${caseAddress(c.case)}><bdi class="clamp">${titled(c)}</bdi></a></td>
          <td>${stateWords(c)}${c.facts ? html`<div class="small quiet">${_("{n} of {m} facts answered.", { n: c.answered, m: c.facts })}</div>` : ""}</td>
          <td class="whole">${c.numbers[own] ?? _("none yet")}<div class="quiet">${c.numbers[c.with] ?? _("number unknown")}</div></td>
          <td>${c.with}</td><td class="whole">${utc(c.opened)}</td>
          <td>${c.due ? html`<${Clock} since=${c.opened} due=${c.due} lapsed=${c.lapsed} now=${now} />` : ""}</td>
          <td class="number"><${Tlp} level=${c.tlp} /></td>
        </tr>`,
        )}</tbody>
      </table>
      ${some < data.count && html`<p class="in small quiet" ref=${end}>${_("{n} of {m} shown", { n: number(some), m: number(data.count) })}</p>`}
    </div>`;
}
