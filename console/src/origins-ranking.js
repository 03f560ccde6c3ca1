// The ranking of origins: a slope between two tables, bars by one; and the same origins by each unit.
import { html } from "htm/preact";
import { _, _n, language, number } from "./i18n.js";
import { cutTo, useWidth, wide } from "./measure.js";
import { count, inWords, lettersOf, named, tableLetter, UNIT_WORDS, UNITS } from "./origins-data.js";

const ROW = 22,
  TALL = 36,
  NARROW = 480,
  SIZE = 12,
  HEAD = 34,
  LETTERS = 9;
const asShare = (ppm) =>
  new Intl.NumberFormat(language(), { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
    Math.floor(ppm / 1000) / 1000,
  );

/** A number that ends at x, and behind it its letters. */
const Count = ({ x, y, n, letters, strong, quiet }) =>
  html`<text x=${x} y=${y} text-anchor="end" class="${strong ? "asked" : ""} ${quiet ? "less" : ""}">${number(n)}</text><text x=${x + 1} y=${y - 4} class="letters">${letters}</text>`;

/** A name, cut to its room; the whole of it shows where the pointer rests, and stands in the table. */
const Name = ({ x, y, text, room, strong, quiet }) => {
  const shown = cutTo(text, room, SIZE, strong ? 600 : 400);
  return html`<text x=${x} y=${y} class="${strong ? "asked" : ""} ${quiet ? "less" : ""}">${shown !== text && html`<title>${text}</title>`}${shown}</text>`;
};

const changeWords = ({ rows: [a, b], moved }) =>
  moved ? `${a?.rank ? number(a.rank) : "–"} → ${b?.rank ? number(b.rank) : "–"}` : _("same");

function slopeLayout(width, docs, shown, letters, unit) {
  const rows = [...shown.lines, ...shown.others];
  const digits = Math.max(
    ...rows.flatMap((p) => p.rows.map((row) => wide(number(count(row, unit)), SIZE, 600))),
    wide(UNIT_WORDS[unit](), 11),
    wide(_("Table {t}", { t: "A" }), 11, 600),
  );
  const behind = Math.max(...rows.flatMap((p) => p.rows.map((row, t) => wide(letters(row, t), LETTERS)))) + 4;
  const change = Math.max(wide(_("change"), 11), ...shown.lines.map((p) => wide(changeWords(p), SIZE, 600))),
    way = Math.min(72, Math.max(40, width * 0.11));
  const room = width - 22 - 2 * (digits + behind + 12) - way - change - 12,
    twice = width >= NARROW;
  const name = twice ? room / 2 - 6 : room - 6,
    a = 22 + name + 6 + digits,
    from = a + behind + 8,
    to = from + way,
    b = to + 8 + digits;
  const row = twice ? ROW : TALL; // in a narrow window names stand above their numbers
  return { name: twice ? name : from - 30, up: twice ? 0 : 15, row, first: row - 8, a, from, to, b, other: twice ? b + behind + 8 : 0 };
}

function Way({ at, pair, from, to }) {
  const kind = pair.asked ? "asked" : pair.moved ? "moved" : "",
    bend = (at.to - at.from) * 0.45;
  return html`<path d="M${at.from} ${from}C${at.from + bend} ${from} ${at.to - bend} ${to} ${at.to} ${to}" class="way ${kind}" /><circle cx=${at.from} cy=${from} r="3" class="knot ${kind}" /><circle cx=${at.to} cy=${to} r="3" class="knot ${kind}" />`;
}

function Line({ at, width, pair, index, letters, unit }) {
  const from = HEAD + index * at.row + at.first,
    to = HEAD + pair.place * at.row + at.first,
    [a, b] = pair.rows,
    strong = pair.asked;
  return html`<${Way} at=${at} pair=${pair} from=${from - 4} to=${to - 4} />
    <text x="16" y=${from - at.up} text-anchor="end" class="less">${a?.rank ? number(a.rank) : "–"}</text>
    <${Name} x=${22} y=${from - at.up} text=${pair.name} room=${at.name} strong=${strong} />
    <${Count} x=${at.a} y=${from} n=${count(a, unit)} letters=${letters(a, 0)} strong=${strong} />
    <${Count} x=${at.b} y=${to} n=${count(b, unit)} letters=${letters(b, 1)} strong=${strong} />
    ${at.other > 0 && html`<${Name} x=${at.other} y=${to} text=${pair.name} room=${at.name} strong=${strong} />`}
    <text x=${width} y=${to} text-anchor="end" class=${strong ? "asked" : pair.moved ? "" : "less"}>${changeWords(pair)}</text>`;
}

function Slope({ docs, shown, width }) {
  const { unit } = docs[0],
    letters = lettersOf(docs),
    at = slopeLayout(width, docs, shown, letters, unit);
  const bottom = HEAD + shown.lines.length * at.row + (shown.left > 0 ? ROW : 0),
    height = bottom + 12 + shown.others.length * at.row + 4;
  const head = (x, t) =>
    html`<text x=${x} y="12" text-anchor="end" class="asked small">${_("Table {t}", { t: tableLetter(t) })}</text><text x=${x} y="26" text-anchor="end" class="less small">${UNIT_WORDS[unit]()}</text>`;
  return html`<svg class="figure-svg ranking" viewBox="0 0 ${width} ${height}" role="img" aria-label=${`${_("Ranking")}. ${inWords(docs, shown.lines)}`}>
    ${head(at.a, 0)}${head(at.b, 1)}<text x=${width} y="26" text-anchor="end" class="less small">${_("change")}</text>
    ${shown.lines.map((pair, index) => html`<${Line} key=${pair.origin} at=${at} width=${width} pair=${pair} index=${index} letters=${letters} unit=${unit} />`)}
    ${shown.left > 0 && html`<text x="22" y=${bottom - 6} class="less">${_n("and {n} more with a rank", "and {n} more with ranks", shown.left)}</text>`}
    <path d="M0 ${bottom + 5}H${width}" class="rule" />
    ${shown.others.map((pair, i) => {
      const y = bottom + 10 + i * at.row + at.first;
      return html`<${Name} x=${22} y=${y - at.up} text=${pair.name} room=${at.name} quiet />
      <${Count} x=${at.a} y=${y} n=${count(pair.rows[0], unit)} letters=${letters(pair.rows[0], 0)} quiet /><${Count} x=${at.b} y=${y} n=${count(pair.rows[1], unit)} letters=${letters(pair.rows[1], 1)} quiet />
      ${at.other > 0 && html`<${Name} x=${at.other} y=${y} text=${pair.name} room=${at.name} quiet />`}`;
    })}
  </svg>`;
}

function Bars({ docs, shown, width }) {
  const { unit } = docs[0],
    letters = lettersOf(docs),
    rows = [...shown.lines, ...shown.others];
  const most = Math.max(1, ...docs[0].rows.map((row) => count(row, unit))),
    name = Math.min(240, width * 0.32),
    bar = 28 + name + 8;
  const digits = Math.max(...rows.map((p) => wide(number(count(p.rows[0], unit)), SIZE, 600))),
    end = width - 62,
    room = end - digits - 36 - bar;
  const bottom = 20 + shown.lines.length * ROW + (shown.left > 0 ? ROW : 0),
    height = bottom + 12 + shown.others.length * ROW + 4;
  const line = (pair, y) => {
    const row = pair.rows[0],
      n = count(row, unit);
    return html`
    ${row?.rank && html`<text x="16" y=${y} text-anchor="end" class="less">${number(row.rank)}</text>`}
    <${Name} x=${22} y=${y} text=${pair.name} room=${name} strong=${pair.asked} quiet=${!row?.rank} />
    <rect x=${bar} y=${y - 9} width=${(room * n) / most} height="9" class=${pair.asked ? "measure asked" : "measure"} />
    <${Count} x=${end - 28} y=${y} n=${n} letters=${letters(row, 0)} strong=${pair.asked} /><text x=${width} y=${y} text-anchor="end" class="less">${row ? asShare(row.share_ppm) : "–"}</text>`;
  };
  return html`<svg class="figure-svg ranking" viewBox="0 0 ${width} ${height}" role="img" aria-label=${`${_("Ranking")}. ${inWords(docs, shown.lines)}`}>
    <text x=${end - 28} y="12" text-anchor="end" class="less small">${UNIT_WORDS[unit]()}</text><text x=${width} y="12" text-anchor="end" class="less small">${_("share")}</text>
    ${shown.lines.map((pair, i) => line(pair, 20 + i * ROW + 14))}
    ${shown.left > 0 && html`<text x="22" y=${bottom - 6} class="less">${_n("and {n} more with a rank", "and {n} more with ranks", shown.left)}</text>`}
    <path d="M0 ${bottom + 5}H${width}" class="rule" />
    ${shown.others.map((pair, i) => line(pair, bottom + 10 + i * ROW + 14))}</svg>`;
}

export function Ranking({ docs, shown }) {
  const [box, width] = useWidth(560);
  return html`<div ref=${box}>${width > 0 && html`<${docs[1] ? Slope : Bars} docs=${docs} shown=${shown} width=${width} />`}</div>`;
}

// ---- the same origins by each unit

const SMALL_ROW = 17;
function Multiple({ unit, lines }) {
  const [box, width] = useWidth(200),
    rows = lines.map((p) => [p, count(p.rows[0], unit)]),
    most = Math.max(1, ...rows.map(([, n]) => n));
  const name = width * 0.38,
    room = width - name - 8 - Math.max(0, ...rows.map(([, n]) => wide(number(n), 11, 600))) - 6,
    height = 14 + rows.length * SMALL_ROW + 4;
  const says = named(UNIT_WORDS[unit](), rows.map(([p, n]) => `${p.name} ${number(n)}`).join(", "));
  return html`<div ref=${box}>${
    width > 0 &&
    html`<svg class="figure-svg multiple" viewBox="0 0 ${width} ${height}" role="img" aria-label=${says}>
    <text x="0" y="10" class="asked">${UNIT_WORDS[unit]()}</text>
    ${rows.map(([p, n], i) => {
      const y = 10 + (i + 1) * SMALL_ROW,
        long = (Math.max(0, room) * n) / most;
      return html`
      <text x="0" y=${y} class=${p.asked ? "asked" : ""}>${cutTo(p.name, name, 11, p.asked ? 600 : 400)}</text><rect x=${name + 8} y=${y - 9} width=${long} height="9" class=${p.asked ? "measure asked" : "measure"} />
      <text x=${name + 12 + long} y=${y} class=${p.asked ? "asked" : ""}>${number(n)}</text>`;
    })}</svg>`
  }</div>`;
}

/** Each with its own scale from zero, in one order, so that changes of rank are seen. */
export function Multiples({ docs, lines }) {
  const shown = lines.filter((pair) => pair.rows[0]?.rank).slice(0, 8);
  if (!shown.length) return null;
  return html`<section class="panel" aria-labelledby="multiples"><header><h2 id="multiples">${_("Does the rank depend on what is counted?")}</h2>
    <span class="end">${_("table {t}, in the order of the ranking, caveats {l}", { t: tableLetter(0), l: lettersOf(docs)(undefined, 0) })}</span></header>
    <div class="in multiples">${UNITS.map((unit) => html`<${Multiple} key=${unit} unit=${unit} lines=${shown} />`)}</div></section>`;
}
