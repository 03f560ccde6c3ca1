// What waits, each with the act it asks for.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { act, caseAddress, titled } from "../cases.js";
import { useFirst } from "../first.js";
import { _, _n, number, word } from "../i18n.js";
import { useKeys } from "../keys.js";
import { useApi, useNow } from "../live.js";
import { Clock, Icon, Tlp, Trouble, Waiting } from "../parts.js";
import { go } from "../router.js";
import { useSome } from "../some.js";
import { utc, utcClock } from "../time.js";
import { DraftRows } from "./drafts.js";

const OPENS = new Set(["claim", "inquiry", "proposal"]); // what it says in one line is the title of its case

/** What came last, newest first: it asks for nothing. */
function Came({ list }) {
  const newest = [...list].sort((a, b) => (a.time < b.time ? 1 : -1)).slice(0, 20);
  return html`<section class="panel" aria-labelledby="came"><header><h2 id="came">${_("For information")}</h2><span class="quiet">${_("what came last")}</span><span class="end">${_("times in UTC")}</span></header>
    ${
      newest.length
        ? html`<table class="cards came"><thead><tr><th scope="col">${_("Received")}</th><th scope="col">${_("From")}</th><th scope="col">${_("Kind")}</th><th scope="col">${_("First line")}</th></tr></thead>
      <tbody>${newest.map(
        (m) => html`<tr><td class="whole">${utc(m.time)}</td><td>${m.with}</td><td>${word("kind", m.kind)}</td>
        <td>${m.title && (OPENS.has(m.kind) ? html`<a href="/cases?find=${encodeURIComponent(m.title)}"><bdi class="clamp">${m.title}</bdi></a>` : html`<bdi class="clamp">${m.title}</bdi>`)}${m.not_understood && html`<div class="small attn"><${Icon} name="warning" /> ${_("does not count: {why}", { why: m.not_understood })}</div>`}</td></tr>`,
      )}</tbody></table>`
        : html`<p class="in quiet">${_("Nothing has come yet.")}</p>`
    }</section>`;
}

export function Inbox({ session }) {
  const now = useNow();
  const { data, fault, at, of, more } = useFirst();
  const { data: drafts } = useApi("drafts"),
    { data: told } = useApi("inbox", { options: { came: true } });
  const ours = of(session.party, true),
    total = data?.waits.ours.count ?? 0;
  const [some, end] = useSome(total, more),
    [current, setCurrent] = useState(0);
  useKeys({
    j: () => setCurrent((i) => Math.min(i + 1, ours.length - 1)),
    k: () => setCurrent((i) => Math.max(i - 1, 0)),
    Enter: () => ours[current] && go(caseAddress(ours[current].c.case)),
    w: () => ours[current] && go(`${caseAddress(ours[current].c.case)}${ours[current].wait.what === "answer" ? "/answer" : ""}`),
  });
  document.title = `${_("Inbox")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const needed = drafts?.drafts ?? [];
  return html`<${Trouble} fault=${fault} />
    <h1>${_n("{n} thing asks for an act of ours", "{n} things ask for an act of ours", total + needed.length)}</h1>
    <div class="stack">
    ${(told?.closed ?? []).map((one) => html`<p class="note bad"><${Icon} name="warning" /> ${_("Entry {n} of {P} could not be opened here: {why}", { n: one.entry, P: one.with, why: one.why })}</p>`)}
    <section class="panel"><header><h2>${_("Needs me")}</h2></header>
      ${total === 0 && html`<p class="in quiet">${_("Nothing waits for us. Checked {T}.", { T: `${utcClock(at)} UTC` })}</p>`}
      <table class="cards"><tbody>${ours.slice(0, Math.max(some, current + 1)).map(
        ({ c, wait }, i) => html`<tr class=${i === current ? "current" : ""}>
        <td class="whole">${utc(wait.since)}</td><td>${c.with}</td>
        <td><a href=${caseAddress(c.case)} class="strong">${act(wait, c)}</a><div class="small quiet"><bdi class="clamp">${titled(c)}</bdi></div></td>
        <td><${Clock} since=${wait.since} due=${wait.due} lapsed=${wait.lapsed} now=${now} /></td>
        <td class="number"><${Tlp} level=${c.tlp} /></td></tr>`,
      )}</tbody></table>
      ${some < total && html`<p class="in small quiet" ref=${end}>${_("{n} of {m} shown", { n: number(some), m: number(total) })}</p>`}
    </section>
    <section class="panel" id="drafts"><header><h2>${_("Needs a signature")}</h2></header>
      ${needed.length ? html`<${DraftRows} drafts=${needed} />` : html`<p class="in quiet">${_("No draft waits for a signature.")}</p>`}
    </section>
    ${told && html`<${Came} list=${told.came} />`}</div>`;
}
