// The facts of a sheet as columns: how they are held, sorted, filtered and counted.  No part of the page, so that it
// runs in a worker and in a test alike.

export const FINDING_NAMES = [
  "confirmed",
  "remediated",
  "relayed",
  "refuted",
  "not-seen",
  "no-records",
  "not-ours",
  "insufficient",
  "unanswered",
];
const UNANSWERED = 8,
  REFUTED = 3;
const TEXTS = ["src_ip", "dst_ip", "object", "protocol", "event", "upstream_ip", "note"];
const NUMBERS = [
  "first_seen",
  "last_seen",
  "src_port",
  "dst_port",
  "count",
  "committed",
  "asked",
  "shown",
  "found_count",
  "found_first",
  "found_last",
];

/** Rows as the commands write them, "0-3,7": calls `each` for every row below `rows`. */
export function eachRow(text, rows, each) {
  for (const part of (text ?? "").split(",")) {
    const found = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (!found) continue;
    const last = Math.min(Number(found[2] ?? found[1]), rows - 1);
    for (let i = Number(found[1]); i <= last; i++) each(i);
  }
}

/** Rows back into that text. */
export function rowsText(rows) {
  const sorted = [...rows].sort((a, b) => a - b),
    parts = [];
  for (let i = 0; i < sorted.length;) {
    let end = i;
    while (sorted[end + 1] === sorted[end] + 1) end++;
    parts.push(end > i ? `${sorted[i]}-${sorted[end]}` : `${sorted[i]}`);
    i = end + 1;
  }
  return parts.join(",");
}

/** The facts that a text names: "#f4" is fact 4. */
export const named = (text) => [...(text ?? "").matchAll(/#f(\d{1,8})\b/g)].map((m) => Number(m[1]));

/** The messages that speak of single facts of a sheet, each with its rows: asks and what was shown, remarks on these, and texts that name a fact. */
export function talkOf(messages, sheet) {
  const rowsById = new Map();
  return messages.flatMap((m) => {
    if (m.void) return [];
    const says = m.says ?? {};
    let rows = says.sheet === sheet && (m.kind === "ask" || m.kind === "disclose") ? says.rows : undefined;
    rows ??= rowsById.get(says.remarks_on);
    const more = named(m.text).join(",");
    if (rows) rowsById.set(m.id, rows);
    const all = [rows, more].filter(Boolean).join(",");
    return all ? [{ message: m, rows: all }] : [];
  });
}

/** The columns that a sheet states itself. */
const STATED = new Set(["first_seen", "last_seen", "src_ip", "src_port", "dst_ip", "dst_port", "object", "protocol", "event", "count"]);

/** `kept`: an older table of that sheet, whose stated columns are taken over, with what was made of them to sort and to filter. */
export function makeTable(sheet, messages, before, kept) {
  const rows = sheet.rows,
    given = sheet.columns ?? {},
    shared = { rows };
  for (const name of STATED) if (kept?.shared[name]) shared[name] = kept.shared[name];
  for (const name of TEXTS) {
    if (!given[name]) continue;
    const at = new Int32Array(rows).fill(-1),
      texts = [],
      known = new Map();
    given[name].forEach((text, i) => {
      if (text === null) return;
      let place = known.get(text);
      if (place === undefined) known.set(text, (place = texts.push(text) - 1));
      at[i] = place;
    });
    shared[name] = { at, texts };
  }
  for (const name of NUMBERS) if (given[name]) shared[name] = Float64Array.from(given[name], (n) => n ?? NaN);
  shared.finding = new Uint8Array(rows).fill(UNANSWERED);
  given.finding?.forEach((word, i) => {
    const place = word === null ? UNANSWERED : FINDING_NAMES.indexOf(word);
    shared.finding[i] = place < 0 ? UNANSWERED : place;
  });
  shared.talk = new Uint16Array(rows);
  for (const { rows: said } of talkOf(messages, sheet.sheet)) eachRow(said, rows, (i) => shared.talk[i]++);
  const old = before.get(sheet.sheet);
  shared.changed = new Uint8Array(rows);
  if (old?.finding.length === rows)
    for (let i = 0; i < rows; i++)
      shared.changed[i] = old.changed[i] | (old.finding[i] !== shared.finding[i] || old.talk[i] !== shared.talk[i]);
  before.set(sheet.sheet, { finding: shared.finding.slice(), talk: shared.talk.slice(), changed: shared.changed.slice() });
  const stays = ([name]) => STATED.has(name) || name === "source" || name === "target";
  return {
    shared,
    keys: new Map([...(kept?.keys ?? [])].filter(stays)),
    hits: new Map(),
    lower: new Map([...(kept?.lower ?? [])].filter(stays)),
  };
}

// ---- sorting: a column's values become ranks, a rank and its row one number, and numbers sort fast

/** An address as a text that sorts as its number does. */
export function addressKey(text) {
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (v4)
    return `4${v4
      .slice(1)
      .map((n) => n.padStart(3, "0"))
      .join("")}`;
  const [head, tail] = text.split("::"),
    left = head ? head.split(":") : [],
    right = tail ? tail.split(":") : [];
  const groups = tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  return `6${groups.map((g) => g.padStart(4, "0")).join("")}`;
}

function textRanks(column, isAddress) {
  const keys = isAddress ? column.texts.map(addressKey) : column.texts;
  const order = keys.map((_x, i) => i).sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : 0));
  const rank = new Uint32Array(order.length);
  order.forEach((place, i) => (rank[place] = i + 1));
  return column.at.map((place) => (place < 0 ? 0 : rank[place]));
}

function numberRanks(values) {
  const sorted = Float64Array.from(values, (n) => (n === n ? n : -1)).sort(),
    rank = new Map();
  for (const n of sorted) if (!rank.has(n)) rank.set(n, rank.size);
  return Uint32Array.from(values, (n) => rank.get(n === n ? n : -1));
}

function ranks(table, name) {
  let kept = table.keys.get(name);
  if (kept) return kept;
  const t = table.shared,
    first = (...names) => names.find((n) => t[n]);
  if (name === "source" || name === "target") {
    const column = name === "source" ? first("src_ip", "object") : first("dst_ip", "object");
    kept = column ? textRanks(t[column], column !== "object") : null;
  } else if (name === "finding") kept = Uint32Array.from(t.finding);
  else if (name === "talk") kept = Uint32Array.from(t.talk);
  else if (name === "delta")
    kept = t.found_count && t.count ? numberRanks(t.found_count.map((n, i) => (n === n ? Math.abs(n - t.count[i]) : NaN))) : null;
  else if (t[name]?.texts) kept = textRanks(t[name], false);
  else kept = t[name] ? numberRanks(t[name]) : null;
  table.keys.set(name, kept);
  return kept;
}

const PLACES = 2 ** 24; // more rows than a sheet may have

function inOrder(table, rows, sort) {
  const name = sort.replace(/^-/, ""),
    down = sort.startsWith("-");
  if (name === "row") return down ? rows.reverse() : rows;
  const rank = ranks(table, name);
  if (!rank) return rows;
  let most = 0;
  for (const r of rank) if (r > most) most = r;
  const packed = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) packed[i] = (down ? most - rank[rows[i]] : rank[rows[i]]) * PLACES + rows[i];
  packed.sort();
  for (let i = 0; i < rows.length; i++) rows[i] = packed[i] % PLACES;
  return rows;
}

// ---- filtering: the different texts of a column are one long text, and a word is sought in that

/** {all, starts}: the texts in small letters, and where each begins. */
function lowered(table, name) {
  let kept = table.lower.get(name);
  if (kept) return kept;
  const texts = table.shared[name].texts.map((text) => text.toLowerCase()),
    starts = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => (starts[i + 1] = starts[i] + text.length + 1));
  kept = { all: texts.join("\n"), starts };
  table.lower.set(name, kept);
  return kept;
}

/** Makes what filtering needs before somebody filters. */
export function prepare(table) {
  for (const name of TEXTS) if (table.shared[name]) lowered(table, name);
}

/** Marks the rows whose text in a column holds a word, which has no space in it. */
function seek(table, name, word, hit) {
  const { all, starts } = lowered(table, name),
    { at, texts } = table.shared[name];
  const found = new Uint8Array(texts.length + 1); // one off: rows without a text have the first
  let any = false;
  for (let text = 0, place = all.indexOf(word); place >= 0; place = all.indexOf(word, starts[text])) {
    while (starts[text + 1] <= place) text++;
    found[++text] = 1;
    any = true;
    if (text === texts.length) break;
  }
  if (any) for (let i = 0; i < hit.length; i++) hit[i] |= found[at[i] + 1];
}

function matches(table, word) {
  const kept = table.hits.get(word);
  if (kept) return kept;
  const t = table.shared,
    hit = new Uint8Array(t.rows);
  const [, address, port] = /^(.*[^:]):(\d+)$/.exec(word) ?? [];
  for (const name of TEXTS) if (t[name]) seek(table, name, word, hit);
  if (/^\d{1,5}$/.test(word))
    for (const name of ["src_port", "dst_port"])
      if (t[name]) for (let i = 0; i < hit.length; i++) if (t[name][i] === Number(word)) hit[i] = 1;
  if (address && port)
    for (const [ip, at] of [
      ["src_ip", "src_port"],
      ["dst_ip", "dst_port"],
    ]) {
      if (!t[ip] || !t[at]) continue;
      for (let i = 0; i < hit.length; i++)
        if (t[at][i] === Number(port) && t[ip].at[i] >= 0 && t[ip].texts[t[ip].at[i]] === address) hit[i] = 1;
    }
  if (table.hits.size > 64) table.hits.clear();
  table.hits.set(word, hit);
  return hit;
}

export const differs = (t, i) =>
  t.finding[i] === REFUTED || (t.found_count && t.count && t.found_count[i] === t.found_count[i] && t.found_count[i] !== t.count[i]);

/** The rows that have every word; null: all of them. */
function rowsWith(table, find) {
  const hits = find
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => matches(table, word));
  if (hits.length < 2) return hits[0] ?? null;
  return hits[0].map((hit, i) => hits.reduce((all, one) => all & one[i], hit));
}

/** {order, findings, events, differing, talking}: the rows that fit, in order; counts of each facet under all others. */
export function select(table, { find = "", finding = null, event = null, differences = false, talked = false, sort = "row" }) {
  const t = table.shared,
    hit = rowsWith(table, find),
    eventOf = t.event?.at;
  const wanted = finding === null ? -1 : FINDING_NAMES.indexOf(finding),
    wantedEvent = event === null ? -1 : (t.event?.texts.indexOf(event) ?? -1);
  const findings = new Uint32Array(FINDING_NAMES.length),
    events = new Uint32Array(t.event?.texts.length ?? 0),
    order = new Uint32Array(t.rows);
  let kept = 0,
    differing = 0,
    talking = 0;
  for (let i = 0; i < t.rows; i++) {
    if (hit !== null && !hit[i]) continue;
    const other = differs(t, i),
      noFinding = wanted >= 0 && t.finding[i] !== wanted,
      noEvent = event !== null && eventOf?.[i] !== wantedEvent;
    const noDifference = differences && !other,
      noTalk = talked && !t.talk[i],
      missed = noFinding + noEvent + noDifference + noTalk;
    if (missed > 1) continue;
    if (!missed) order[kept++] = i;
    if (!missed || noFinding) findings[t.finding[i]]++;
    if ((!missed || noEvent) && eventOf && eventOf[i] >= 0) events[eventOf[i]]++;
    if ((!missed || noDifference) && other) differing++;
    if ((!missed || noTalk) && t.talk[i]) talking++;
  }
  return { order: inOrder(table, order.slice(0, kept), sort), findings, events, differing, talking };
}

/** A table without the columns that its sheet states, for a reader that has these. */
export const changing = (shared) => Object.fromEntries(Object.entries(shared).filter(([name]) => !STATED.has(name)));
export const stated = (shared) => Object.fromEntries(Object.entries(shared).filter(([name]) => STATED.has(name)));

// ---- one fact, as the page shows it

const text = (column, i) => (column && column.at[i] >= 0 ? column.texts[column.at[i]] : "");
const amount = (column, i) => (column && column[i] === column[i] ? column[i] : undefined);

export function factAt(t, i) {
  return {
    row: i,
    finding: FINDING_NAMES[t.finding[i]],
    talk: t.talk[i],
    changed: t.changed[i] === 1,
    first: amount(t.first_seen, i),
    last: amount(t.last_seen, i),
    src: text(t.src_ip, i),
    dst: text(t.dst_ip, i),
    object: text(t.object, i),
    srcPort: amount(t.src_port, i),
    dstPort: amount(t.dst_port, i),
    protocol: text(t.protocol, i),
    event: text(t.event, i),
    count: amount(t.count, i),
    committed: amount(t.committed, i),
    asked: amount(t.asked, i) === 1,
    shown: amount(t.shown, i),
    found: amount(t.found_count, i),
    foundFirst: amount(t.found_first, i),
    foundLast: amount(t.found_last, i),
    upstream: text(t.upstream_ip, i),
    note: text(t.note, i),
  };
}
