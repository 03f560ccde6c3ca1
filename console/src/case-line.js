// Two lanes, one a record: a message is a dot on its author's lane and crosses to the other where the receipt stands.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { _, _n, number, word } from "./i18n.js";
import { Icon, Said } from "./parts.js";
import { utc, utcClock, utcDay } from "./time.js";

const LEFT = 160,
  RIGHT = 1160,
  LANE = [26, 62],
  MANY = 40,
  DAY = 86400000;

/** Labels that would touch another, or what is `taken` on a lane, are dropped; the list has all.  At the right edge a label stands left of its dot. */
function labels(taken) {
  return (at, says, lane) => {
    const width = says.length * 6.6 + 8;
    for (const [from, anchor] of [
      [at + 6, "start"],
      [at - 6 - width, "end"],
    ]) {
      const to = from + width;
      if (from < LEFT - 10 || to > RIGHT + 20 || taken[lane].some(([a, b]) => from < b && to > a)) continue;
      taken[lane].push([from, to]);
      return html`<text x=${anchor === "start" ? from : at - 6} y=${lane ? 79 : 15} text-anchor=${anchor}>${says}</text>`;
    }
    return null;
  };
}

function days(from, to, x) {
  const count = (to - from) / DAY,
    step = Math.max(1, Math.ceil(count / 12)),
    ticks = [];
  for (let t = Math.ceil(from / DAY) * DAY; t < to; t += step * DAY) ticks.push(t);
  return ticks.map(
    (t) =>
      html`<path d="M${x(t)} 20V80" stroke="var(--rule)" /><text x=${x(t) + 3} y="92" font-size="11" fill="var(--ink3)">${utcDay(new Date(t).toISOString())}</text>`,
  );
}

function Message({ m, lane, x, label }) {
  const y = LANE[lane],
    other = LANE[1 - lane],
    at = x(Date.parse(m.time)),
    held = m.delivered && x(Date.parse(m.delivered));
  return html`<circle cx=${at} cy=${y} r="4" fill="var(--ink)" />
    ${
      held
        ? html`<path d="M${at} ${y}L${held} ${other}" stroke="var(--ink)" /><circle cx=${held} cy=${other} r="4" fill="var(--ink)" />`
        : html`<path d="M${at} ${y}V${other}" stroke="var(--ink)" stroke-dasharray="2 2.4" /><circle cx=${at} cy=${other} r="3.5" fill="var(--paper)" stroke="var(--ink)" />`
    }
    ${label(at, m.delivered ? word("kind", m.kind) : _("{what}, no receipt", { what: word("kind", m.kind) }), lane)}`;
}

/** Very many: one dot a day and lane, with how many. */
function byDay(list, lanes) {
  const all = new Map();
  for (const m of list) {
    const day = Math.floor(Date.parse(m.time) / DAY) * DAY + DAY / 2,
      lane = lanes(m),
      key = `${day} ${lane}`;
    const one = all.get(key) ?? { day, lane, n: 0, held: 0 };
    one.n++;
    one.held += m.delivered ? 1 : 0;
    all.set(key, one);
  }
  return [...all.values()];
}

function Day({ d, x, label }) {
  const y = LANE[d.lane],
    at = Math.min(RIGHT - 4, Math.max(LEFT + 4, x(d.day))),
    all = d.held === d.n;
  return html`<path d="M${at} ${y}V${LANE[1 - d.lane]}" stroke="var(--rule2)" stroke-dasharray=${all ? undefined : "2 2.4"} />
    <circle cx=${at} cy=${y} r=${Math.min(8, 3 + Math.log2(d.n))} fill="var(--ink)" />${label(at, number(d.n), d.lane)}`;
}

export function TimeLine({ data, sides, own, now, due }) {
  const [asList, setAsList] = useState(false),
    list = data.messages;
  const from = Date.parse(list[0]?.time ?? data.as_of),
    today = Math.max(now, from + 3600000),
    end = due ? Date.parse(due) : 0;
  const near = end > today && end - today <= Math.max(2 * DAY, today - from),
    to = near ? end : today + (today - from) * 0.04;
  const x = (t) => LEFT + ((t - from) / (to - from)) * (RIGHT - LEFT - (due ? 60 : 0));
  const triangle = due && Math.min(RIGHT - 50, x(Math.max(end, from))),
    words = due && _("due {T}", { T: near ? utcClock(due) : utcDay(due) });
  const lane = (m) => (m.party === sides.opener ? 0 : 1),
    label = labels([[], due ? [[triangle, triangle + 16 + words.length * 7.4]] : []]);
  const says = [
    _n("{n} message. The list says the same in words.", "{n} messages. The list says the same in words.", list.length),
    due ? _("Answer due {T} UTC.", { T: utc(due) }) : "",
  ]
    .filter(Boolean)
    .join(" ");
  return html`<section class="panel line-of-time" aria-labelledby="line">
    <header><h2 id="line">${_("Time line and receipts")}</h2><span class="small quiet">${_("A message crosses when the other side holds it. Held is not read, and not agreed.")}</span>
      <span class="end no-print"><button class="link" aria-expanded=${String(asList)} onClick=${() => setAsList(!asList)}>${_("as a list")}</button></span></header>
    <svg class="in narrow-off" viewBox="0 0 1190 96" width="100%" role="img" aria-label=${says} font-size="12" fill="var(--ink2)">
      ${days(from, to, x)}
      ${[sides.opener, sides.answerer].map((p, i) => html`<text x="0" y=${LANE[i] + 4} font-weight="600" fill="var(--ink)" textLength=${p.length > 22 ? 150 : undefined} lengthAdjust="spacingAndGlyphs">${p}</text><path d="M${LEFT} ${LANE[i]}H${RIGHT}" stroke="var(--rule2)" />`)}
      ${list.length >= MANY ? byDay(list, lane).map((d) => html`<${Day} d=${d} x=${x} label=${label} />`) : list.map((m) => html`<${Message} m=${m} lane=${lane(m)} x=${x} label=${label} />`)}
      <path d="M${x(now)} 12V84" stroke="var(--link)" stroke-width="2" /><text x=${x(now) - 5} y="11" text-anchor="end" fill="var(--link)" font-weight="600">${_("now")}</text>
      ${due && html`<path d="M${triangle} 66l5 9h-10z" fill="none" stroke="var(--ink)" stroke-width="1.4" /><text x=${triangle + 8} y="80" font-weight="600" fill="var(--ink)">${words}</text>`}
    </svg>
    <div class=${asList ? "list" : "list only-narrow"}><table class="cards"><thead><tr><th scope="col">${_("Said, UTC")}</th><th scope="col">${_("By")}</th><th scope="col">${_("Kind")}</th><th scope="col">${_("Text")}</th><th scope="col">${_("Held by the other side since, UTC")}</th></tr></thead>
      <tbody>${list.map(
        (
          m,
        ) => html`<tr key=${m.id}><td class="whole">${utc(m.time)}</td><td><bdi>${m.from}</bdi> (<bdi>${m.by}</bdi>)${m.party === own ? html` <span class="us">${_("us")}</span>` : ""}</td><td>${word("kind", m.kind)}</td>
        <td>${m.void && html`<span class="attn"><${Icon} name="warning" /> ${_("does not count: {why}", { why: m.void })} </span>`}${m.title && html`<bdi>${m.title}</bdi> `}<${Said} text=${m.text ?? ""} /></td>
        <td class="whole">${m.delivered ? utc(m.delivered) : _("no receipt")}</td></tr>`,
      )}</tbody></table></div>
  </section>`;
}
