// Documents of origins put side by side, as figures show them: which rows, in what order, with which letters behind
// their numbers.  The rules are those of the program's own SVG (src/territory/origins_ranking.c, origins_caveats.c).
import { caveats, marks } from "made:words";
import { _, _n, language, number } from "./i18n.js";
import { utcFull } from "./time.js";

export const UNITS = ["sources", "events", "targets"];
export const UNIT_WORDS = { sources: () => _("sources"), events: () => _("events"), targets: () => _("targets") };
const UNIT_SAYS = {
  sources: () => _("Unit: sources, which are different source addresses"),
  events: () => _("Unit: events, which are the sum of the counts of facts"),
  targets: () => _("Unit: targets, which are different destination addresses, or objects where a fact names none"),
};
const FIRST = 10,
  BARS = 16;
export const tableLetter = (t) => "AB"[t];

// ---- names

const regions = new Map();
function countryName(code) {
  const reader = language();
  if (!regions.has(reader)) regions.set(reader, new Intl.DisplayNames([reader], { type: "region" }));
  return regions.get(reader).of(code);
}

const OTHERS = {
  "special-purpose": () => _("special-purpose addresses"),
  "no-source": () => _("facts without a source"),
  "few-sources": () => _("origins with few sources"),
};
/** An origin in the reader's language: `origin` as documents name it, `asName` what the table calls a network. */
export function originName(origin, asName, by) {
  if (/^AS\d+$/.test(origin)) return asName ? `${origin} ${asName}` : origin;
  if (origin.startsWith("none-")) return _("{c}, no country", { c: origin.slice(5) });
  if (origin === "none") return by === "as" ? _("not placed by the table") : _("no territory");
  return OTHERS[origin]?.() ?? countryName(origin);
}

// ---- which rows

const byName = (doc) => new Map((doc?.rows ?? []).map((row, at) => [row.origin, { row, at }]));

function pairOf(origin, places, by) {
  const [a, b] = places.map((m) => m.get(origin));
  return {
    origin,
    name: originName(origin, (a ?? b)?.row.as_name, by),
    rows: [a?.row, b?.row],
    at: [a?.at ?? Infinity, b?.at ?? Infinity],
  };
}

const after = (t) => (one, other) => (one.at[t] === other.at[t] ? 0 : one.at[t] - other.at[t]);
const moved = (pair) => pair.rows[0]?.rank !== pair.rows[1]?.rank;

/**
 * {lines, others, left}: the first rows by either table and the one asked for, in the order of A, each with its place by
 * B; the rows that have no rank, those without a territory first; how many of A's ranks are not among the lines.
 */
export function ranking(docs, asked, first = docs[1] ? FIRST : BARS) {
  const places = docs.map(byName),
    by = docs[0].by,
    names = new Set();
  for (const doc of docs) for (const row of doc.rows.slice(0, first)) if (row.rank) names.add(row.origin);
  if (asked && docs.some((_doc, t) => places[t].get(asked)?.row.rank)) names.add(asked);
  const lines = [...names].map((origin) => pairOf(origin, places, by)).sort(after(0));
  if (docs[1]) [...lines].sort(after(1)).forEach((pair, place) => (pair.place = place));
  for (const pair of lines) Object.assign(pair, { asked: pair.origin === asked, moved: Boolean(docs[1]) && moved(pair) });
  const unranked = new Set(["none", ...docs.flatMap((doc) => doc.rows.filter((row) => !row.rank).map((row) => row.origin))]);
  const others = [...unranked].map((origin) => pairOf(origin, places, by));
  return { lines, others, left: docs[0].ranked - lines.filter((pair) => pair.rows[0]).length };
}

/** Every origin, in the order of A: for the table behind the figure. */
export function allRows(docs) {
  const places = docs.map(byName),
    names = new Set(docs.flatMap((doc) => doc.rows.map((row) => row.origin)));
  return [...names].map((origin) => pairOf(origin, places, docs[0].by)).sort(after(0));
}

export const count = (row, unit) => row?.[unit] ?? 0;
/** By more than a fifth of the smaller, whichever table that is. */
export const differ = (a, b) => Math.abs(a - b) * 5 > Math.min(a, b);

// ---- what numbers are to be read with

const shownMarks = (docs) => Object.keys(marks).filter((mark) => docs.some((doc) => doc.rows.some((row) => row.caveats?.includes(mark))));

/** Gives for a row (or undefined) and a table the letters behind its number. */
export function lettersOf(docs) {
  const shown = shownMarks(docs),
    letter = Object.fromEntries(shown.map((mark, i) => [mark, String.fromCharCode(99 + i)]));
  return (row, t) =>
    `ab${shown
      .filter((mark) => row?.caveats?.includes(mark))
      .map((mark) => letter[mark])
      .join("")}${tableLetter(t)}`;
}

/** "a: b", with the space that French wants. */
export const named = (name, says) => _("{name}: {says}", { name, says });
const sentence = (name) => _(caveats[name]?.[0] ?? name);
const cutWords = (doc) =>
  doc.cut
    ? `${_("case {c}, cut {a}", {
        c: doc.case,
        a: Object.entries(doc.cut)
          .map(([party, n]) => `${party} ${number(n)}`)
          .join(", "),
      })}; `
    : "";

function unitSays(doc) {
  const { first, last } = doc.total;
  const period = first ? `; ${_("period: {a} – {b} UTC", { a: utcFull(first), b: utcFull(last) })}` : "";
  return `${UNIT_SAYS[doc.unit]()}${period}; ${cutWords(doc)}${_("sheet: {s}.", { s: doc.sheet })}`;
}

const basisWords = {
  registry: () => _("registry"),
  geolocation: () => _("geolocation"),
  routed: () => _("routed"),
  unstated: () => _("unstated"),
};
export const basisWord = (basis) => basisWords[basis]?.() ?? basis;

function tableSays(doc, ofAll) {
  const t = doc.table,
    own = doc.caveats.filter((name) => !ofAll.includes(name)).map(sentence);
  const few = doc.put_together
    ? [
        _n(
          "{n} origin was put together with others, having fewer sources than asked for.",
          "{n} origins were put together, having fewer sources than asked for.",
          doc.put_together.origins,
        ),
      ]
    : [];
  const credits = t.credits.length ? [_("Data of the table {t}: {who}", { t: t.name, who: t.credits.join("; ") })] : [];
  return [
    `${t.name}, ${_("basis {b}, of {T}", { b: basisWord(t.basis), T: utcFull(t.date) })}, ${t.hash}.`,
    ...own,
    ...few,
    ...credits,
  ].join(" ");
}

/** [{letter, says}]: all that no number of these documents is shown without, in every frame and every copy. */
export function caveatList(docs) {
  const ofAll = docs[0].caveats.filter((name) => docs.every((doc) => doc.caveats.includes(name)));
  const whole = ofAll.filter((name) => name !== "origin-is-not-author").map(sentence);
  return [
    { letter: "a", says: unitSays(docs[0]) },
    { letter: "b", says: [_("Machines are rented, shared and taken over."), ...whole].join(" ") },
    ...shownMarks(docs).map((mark, i) => ({ letter: String.fromCharCode(99 + i), says: named(_(marks[mark][0]), _(marks[mark][1])) })),
    ...docs.map((doc, t) => ({ letter: tableLetter(t), says: tableSays(doc, ofAll) })),
  ];
}

// ---- sentences

/** "2nd", "2e", "2-е": as the language counts places. */
export function ordinal(n) {
  if (language() === "ru") return `${number(n)}-е`;
  if (language() === "fr") return `${number(n)}${n === 1 ? "re" : "e"}`;
  return number(n) + { one: "st", two: "nd", few: "rd", other: "th" }[new Intl.PluralRules("en", { type: "ordinal" }).select(n)];
}

/** Where an origin stands, by every table that was counted by: there is no sentence that drops one. */
export function standing(docs, origin) {
  const rows = docs.map((doc) => doc.rows.find((row) => row.origin === origin && row.rank));
  const said = rows.map((row, t) =>
    row
      ? _("{r} of {n} by table {t}", { r: ordinal(row.rank), n: number(docs[t].ranked), t: tableLetter(t) })
      : _("no rank by table {t}", { t: tableLetter(t) }),
  );
  const [a, b] = rows;
  if (!docs[1] || !a || !b || docs[0].ranked !== docs[1].ranked) return `${said.join(", ")}.`;
  if (a.rank === b.rank) return _("{r} of {n} by both tables.", { r: ordinal(a.rank), n: number(docs[0].ranked) });
  return _("{a} or {b} of {n}, depending on the table.", { a: ordinal(a.rank), b: ordinal(b.rank), n: number(docs[0].ranked) });
}

/** The figure in words, for those who don't see it. */
export function inWords(docs, lines) {
  const { unit } = docs[0];
  const one = (pair, t) =>
    pair.rows[t]?.rank
      ? _("rank {r} by table {t} with {n}", { r: number(pair.rows[t].rank), t: tableLetter(t), n: number(count(pair.rows[t], unit)) })
      : _("no rank by table {t}", { t: tableLetter(t) });
  return `${lines.map((pair) => `${named(pair.name, docs.map((_doc, t) => one(pair, t)).join("; "))}.`).join(" ")} ${_("The origin of traffic is not its author.")}`;
}

/** How far two tables agree, as the page's first line; with one, what was counted. */
export function agreement(docs) {
  const { unit, total } = docs[0],
    of = {
      sources: _n("{n} source", "{n} sources", total.sources),
      events: _n("{n} event", "{n} events", total.events),
      targets: _n("{n} target", "{n} targets", total.targets),
    }[unit];
  if (!docs[1]) return _("Origins of {what} by one table: another one may rank them otherwise.", { what: of });
  const ranked = allRows(docs).filter((pair) => pair.rows.some((row) => row?.rank)),
    apart = ranked.filter(moved).length;
  return `${_("Origins of {what} by two tables.", { what: of })} ${_n("They give another rank to {m} of {n} origin.", "They give another rank to {m} of {n} origins.", ranked.length, { m: number(apart) })}`;
}

// ---- copies

/** All rows as CSV, never without what they are to be read with. */
export function copyText(docs) {
  const letters = lettersOf(docs),
    cell = (v) => {
      const t = String(v ?? ""),
        safe = /^[=+@\t\r-]/.test(t) ? `'${t}` : t;
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
  const heads = docs.flatMap((_doc, t) => ["rank", ...UNITS, "letters"].map((head) => `${head}_${tableLetter(t)}`));
  return (
    [
      `# ${_("The origin of traffic is not its author.")} ${_("Read every number with the letters behind it:")}`,
      ...caveatList(docs).map(({ letter, says }) => `# ${letter} ${says}`),
      ["origin", "name", ...heads].join(","),
      ...allRows(docs).map((pair) =>
        [
          pair.origin,
          pair.name,
          ...docs.flatMap((_doc, t) => {
            const row = pair.rows[t];
            return [row?.rank, ...UNITS.map((unit) => count(row, unit)), letters(row, t)];
          }),
        ]
          .map(cell)
          .join(","),
      ),
    ].join("\n") + "\n"
  );
}
