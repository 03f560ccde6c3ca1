// What waits, each with the act it asks for.
import { html } from "htm/preact";
import { act, caseAddress, titled, waits } from "../cases.js";
import { _, _n } from "../i18n.js";
import { useApi, useNow } from "../live.js";
import { Clock, Tlp, Trouble, Waiting } from "../parts.js";
import { useSome } from "../some.js";
import { utc } from "../time.js";
import { DraftRows } from "./drafts.js";

export function Inbox({ session }) {
  const now = useNow();
  const { data: cases, fault } = useApi("cases", { options: { brief: true } });
  const { data: drafts } = useApi("drafts");
  const ours = cases ? waits(cases).filter(({ wait }) => wait.waits_for === session.party) : [];
  const [some, end] = useSome(ours.length);
  document.title = `${_("Inbox")} · parley desk`;
  if (!cases) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const needed = drafts?.drafts ?? [];
  return html`<${Trouble} fault=${fault} />
    <h1>${_n("{n} thing asks for an act of ours", "{n} things ask for an act of ours", ours.length + needed.length)}</h1>
    <section class="panel"><header><h2>${_("Needs me")}</h2></header>
      <table class="cards"><tbody>${ours.slice(0, some).map(({ c, wait }) => html`<tr>
        <td class="whole">${utc(wait.since)}</td><td>${c.with}</td>
        <td><a href=${caseAddress(c.case)} class="strong">${act(wait, c)}</a><div class="small quiet"><bdi class="clamp">${titled(c)}</bdi></div></td>
        <td><${Clock} since=${wait.since} due=${wait.due} lapsed=${wait.lapsed} now=${now} /></td>
        <td class="number"><${Tlp} level=${c.tlp} /></td></tr>`)}</tbody></table>
      ${some < ours.length && html`<p class="in small quiet" ref=${end}>${_("{n} of {m} shown", { n: some, m: ours.length })}</p>`}
    </section>
    <section class="panel" id="drafts"><header><h2>${_("Needs a signature")}</h2></header>
      <${DraftRows} drafts=${needed} />
    </section>`;
}
