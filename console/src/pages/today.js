// What waits for whom, until when.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { act, caseAddress, titled } from "../cases.js";
import { useFirst } from "../first.js";
import { _, _n, number, word } from "../i18n.js";
import { Key, useKeys } from "../keys.js";
import { useApi, useNow } from "../live.js";
import { Clock, Icon, Receipt, Tlp, Trouble, Waiting } from "../parts.js";
import { go } from "../router.js";
import { saveCalendar } from "../save.js";
import { left } from "../seen.js";
import { useSome } from "../some.js";
import { span, utc, utcClock, utcDay, when } from "../time.js";

const DAY = 86400000;

/** Deadlines from two days ago to seven ahead: ours above the line, theirs below. */
function Horizon({ list, own, now }) {
  const width = 1180,
    x = (t) => ((t - now + 2 * DAY) / (9 * DAY)) * width;
  const dated = list
    .filter((wait) => x(Date.parse(wait.due)) >= 0 && x(Date.parse(wait.due)) <= width)
    .sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
  const midnight = Math.ceil((now - 2 * DAY) / DAY) * DAY;
  const right = [-Infinity, -Infinity];
  const mark = (wait) => {
    const at = x(Date.parse(wait.due)),
      ours = wait.waits_for === own,
      side = ours ? 0 : 1;
    const label = act(wait, { facts: wait.open }),
      free = at > right[side];
    if (free) right[side] = at + 14 + label.length * 7;
    const ink = wait.lapsed ? "var(--attn)" : "var(--ink)";
    return html`<path d="M${at} 50l-6 ${ours ? -11 : 11}h12z" fill=${ink} />
      ${free && html`<text x=${at + 9} y=${ours ? 43 : 66} fill=${ink}>${label}</text>`}`;
  };
  const says = _("Deadlines of nine days. Ours: {a}, theirs: {b}. The lists below say the same in words.", {
    a: dated.filter((wait) => wait.waits_for === own).length,
    b: dated.filter((wait) => wait.waits_for !== own).length,
  });
  return html`<figure class="panel narrow-off in">
    <svg viewBox="-2 0 1184 104" width="100%" role="img" aria-label=${says} font-size="12" fill="var(--ink2)">
      ${Array.from({ length: 9 }, (_x, i) => midnight + i * DAY).map(
        (t) =>
          html`<path d="M${x(t)} 12V92" stroke="var(--rule)" /><text x=${x(t) + 6} y="101" fill="var(--ink3)">${utcDay(new Date(t).toISOString())}</text>`,
      )}
      <path d="M0 50H1180" stroke="var(--ink)" stroke-width="1.2" />
      <text x="0" y="12" font-weight="600">${_("Waits for us")}</text><text x="0" y="84" font-weight="600">${_("Waits for others")}</text>
      <path d="M${x(now)} 6V92" stroke="var(--link)" stroke-width="2" />
      <text x=${x(now) - 5} y="12" text-anchor="end" fill="var(--link)" font-weight="600">${_("now {t} UTC", { t: utcClock(new Date(now).toISOString()) })}</text>
      ${dated.map(mark)}
    </svg>
  </figure>`;
}

function WaitTable({ id, title, list, total, more, own, now, current }) {
  const [some, end] = useSome(total, more),
    shown = Math.min(list.length, Math.max(some, current + 1));
  return html`<section class="panel" aria-labelledby=${id}>
    <header><h2 id=${id}>${title}</h2><span class="quiet">${_("{n}, by deadline", { n: number(total) })}</span><span class="end">${_("times in UTC")}</span></header>
    ${
      list.length
        ? html`<table class="cards">
          <thead><tr><th scope="col">${_("Due")}</th><th scope="col">${_("What")}</th><th scope="col">${_("Case: ours, theirs")}</th><th scope="col">${_("With")}</th><th scope="col" class="number">${_("Handling")}</th></tr></thead>
          <tbody>${list.slice(0, shown).map(({ c, wait }, i) => {
            return html`<tr class=${i === current ? "current" : ""}>
              <td><${Clock} since=${wait.since} due=${wait.due} lapsed=${wait.lapsed} now=${now} /></td>
              <td><a class="strong" href="${caseAddress(c.case)}">${act(wait, c)}</a><div class="small quiet"><bdi class="clamp">${titled(c)}</bdi></div></td>
              <td class="whole">${c.numbers[own] ?? _("none yet")}<div class="quiet">${c.numbers[c.with] ?? _("number unknown")}</div></td>
              <td>${c.with}</td>
              <td class="number"><${Tlp} level=${c.tlp} /></td>
            </tr>`;
          })}</tbody>
        </table>${shown < total && html`<p class="in small quiet" ref=${end}>${_("{n} of {m} shown", { n: number(shown), m: number(total) })}</p>`}`
        : html`<p class="in quiet">${_("Nothing.")}</p>`
    }
  </section>`;
}

function Unreceipted({ list, count, now }) {
  return html`<section class="panel" aria-labelledby="unreceipted">
    <header><h2 id="unreceipted">${_("Not yet receipted")}</h2><span class="end">${number(count)}</span></header>
    <div class="in stack">
      ${list.map(
        (c) => html`<div><${Receipt} stage=${c.contacted_at ? "sent" : "queued"} />
        <p class="small quiet">${_n("{n} entry to {P} is without a receipt.", "{n} entries to {P} are without a receipt.", c.own_size - c.receipted_size, { P: c.party })}
          ${c.receipted_at ? ` ${_("The last one came {T} UTC ({d} ago).", { T: utc(c.receipted_at), d: span(now - Date.parse(c.receipted_at)) })}` : ""}</p></div>`,
      )}
      <p class="small quiet">${count ? _("No deadline runs until a receipt stands in a record.") : _("Every message is held by the other side. Held is not read.")}</p>
    </div>
  </section>`;
}

function Links({ channels }) {
  return html`<section class="panel" aria-labelledby="links">
    <header><h2 id="links">${_("Links")}</h2><span class="end">${_("last exchange, UTC")}</span></header>
    <table><tbody>${channels.map(
      (
        c,
      ) => html`<tr><td>${c.party}${c.drill ? _(" (drill)") : ""}${c.state !== "open" && c.state !== "offered" ? html`<div class="small attn">${word("channel", c.state)}</div>` : ""}</td>
        <td class="number">${c.contacted_at ? utc(c.contacted_at) : _("never")}</td></tr>`,
    )}</tbody></table>
  </section>`;
}

function ToClear({ drafts }) {
  if (!drafts?.length) return null;
  return html`<section class="panel" aria-labelledby="to-clear">
    <header><h2 id="to-clear">${_("To clear")}</h2></header>
    <p class="in"><a href="/inbox#drafts">${_n("{n} draft waits for a signature", "{n} drafts wait for a signature", drafts.length)}</a></p>
  </section>`;
}

/** The meetings that both have confirmed, the next first, on both clocks. */
function Meetings({ cases, now }) {
  const next = (cases ?? [])
    .flatMap((c) =>
      c.consultations
        .filter((m) => m.confirmed && !m.cancelled && Date.parse(m.confirmed.until) > now)
        .map((m) => ({ c, at: m.confirmed })),
    )
    .sort((a, b) => Date.parse(a.at.from) - Date.parse(b.at.from));
  if (!next.length) return null;
  return html`<section class="panel" aria-labelledby="next-meetings">
    <header><h2 id="next-meetings">${_("Next meetings")}</h2><span class="end"><button class="link no-print" onClick=${saveCalendar}>.ics</button></span></header>
    <div class="in stack">${next.slice(0, 3).map(
      ({ c, at }) => html`<div><a class="strong" href="/consultations/${encodeURIComponent(c.case.split("/")[1])}">${when(at.from)}</a>
      ${Object.entries(at.local ?? {}).map(([p, local]) => html`<p class="small quiet">${p}: ${local}</p>`)}<p class="small quiet"><bdi class="clamp">${c.title}</bdi></p></div>`,
    )}</div>
  </section>`;
}

/** What came since one left, where that is long ago. */
function Since() {
  const since = left(),
    { data } = useApi(since ? "handover" : null, { options: { since } }, false);
  if (!data) return null;
  const messages = data.changed.reduce((n, c) => n + c.messages, 0);
  return html` ${_n("Since you left, {T} UTC: {n} message.", "Since you left, {T} UTC: {n} messages.", messages, { T: utc(since) })} <a href="/handover">${_("Handover")}</a>`;
}

function first(ours, count, now, at) {
  if (!count) return _("Nothing waits for us. Checked {T}.", { T: `${utcClock(at)} UTC` });
  const due = ours[0]?.wait.due;
  const says = _n("{n} thing waits for us.", "{n} things wait for us.", count);
  if (!due) return says;
  const rest = Date.parse(due) - now;
  return `${says} ${rest < 0 ? _("The first lapsed {d} ago.", { d: span(-rest) }) : _("The next is due in {d}.", { d: span(rest) })}`;
}

export function Today({ session }) {
  const now = useNow(),
    own = session.party;
  const { data, fault, at, of, more } = useFirst();
  const { data: status } = useApi("status");
  const { data: drafts } = useApi("drafts"),
    { data: talked } = useApi(data?.joint ? "consult" : null);
  const [current, setCurrent] = useState(0),
    [theirsFirst, swap] = useState(false);
  const lists = [of(own, true), of(own, false)],
    [ours, theirs] = lists,
    looked = theirsFirst ? theirs : ours;
  useKeys({
    j: () => setCurrent((i) => Math.min(i + 1, looked.length - 1)),
    k: () => setCurrent((i) => Math.max(i - 1, 0)),
    Enter: () => looked[current] && go(caseAddress(looked[current].c.case)),
    u: () => (swap((is) => !is), setCurrent(0)),
    w: () =>
      looked[current] &&
      go(`${caseAddress(looked[current].c.case)}${looked[current].wait.what === "answer" && !theirsFirst ? "/answer" : ""}`),
    h: () => go("/handover"),
  });
  document.title = data ? `${first(ours, data.waits.ours.count, now, at)} · parley desk` : "parley desk";
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const counts = data.waits,
    waiting = (status?.channels ?? []).filter((c) => !c.drill && c.state !== "followed" && c.own_size > c.receipted_size);
  const unreceipted = waiting.reduce((n, c) => n + c.own_size - c.receipted_size, 0);
  const stuck =
    status?.channels.filter((c) => c.state !== "open" && c.state !== "offered" && c.state !== "followed" && !c.contradictions) ?? []; // what contradicts itself stands above every page
  const tables = [
    html`<${WaitTable} key="ours" id="ours" title=${_("Waits for us")} list=${ours} total=${counts.ours.count} more=${more} own=${own} now=${now} current=${theirsFirst ? -1 : current} />`,
    html`<${WaitTable} key="theirs" id="theirs" title=${_("Waits for others")} list=${theirs} total=${counts.theirs.count} more=${more} own=${own} now=${now} current=${theirsFirst ? current : -1} />`,
  ];
  return html`
    <${Trouble} fault=${fault} />
    <div class="head">
      <div><h1>${first(ours, counts.ours.count, now, at)}</h1>
        <p class="quiet">${_n("{n} waits for others", "{n} wait for others", counts.theirs.count)}${counts.theirs.lapsed ? _n(", {n} of them past its time", ", {n} of them past their time", counts.theirs.lapsed) : ""}.
          ${unreceipted > 0 && ` ${_n("{n} entry has no receipt yet.", "{n} entries have no receipt yet.", unreceipted)}`}<${Since} /></p></div>
      <div class="buttons no-print"><a class="button" href="/compose">${_("Compose a claim")} <${Key} name="c" /></a></div>
    </div>
    ${stuck.map((c) => html`<p class="note bad"><${Icon} name="warning" /> <b class="attn">${c.party}</b>: ${c.why ?? word("channel", c.state)} <a href="/record">${_("Record health")}</a></p>`)}
    <${Horizon} list=${data.deadlines} own=${own} now=${now} />
    <div class="columns">
      <div class="stack">${theirsFirst ? tables.reverse() : tables}</div>
      <div class="stack">
        <${Unreceipted} list=${waiting} count=${unreceipted} now=${now} />
        <${ToClear} drafts=${drafts?.drafts} />
        <${Links} channels=${status?.channels ?? []} />
        <${Meetings} cases=${talked} now=${now} />
      </div>
    </div>`;
}
