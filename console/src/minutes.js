// The settlement text, as doc/protocol.md writes it, and what one changes in another.

/** {held, supersedes, outcomes, undertakings, texts: {language: text}} */
export function readMinutes(whole) {
  const out = { outcomes: [], undertakings: [], texts: {} };
  let lines = null;
  for (const line of whole.split("\n")) {
    if (line.startsWith("|")) {
      lines.push(line.replace(/^\| ?/, ""));
      continue;
    }
    const [key, ...rest] = line.split(" "),
      [first, second] = rest;
    if (key === "held" || key === "supersedes") out[key] = first;
    if (key === "outcome") out.outcomes.push({ rows: first, word: second, says: [] });
    if (key === "says") out.outcomes.at(-1).says.push({ party: first, text: rest.slice(1).join(" ") });
    if (key === "why") out.outcomes.at(-1).why = rest.join(" ");
    if (key === "undertaking") out.undertakings.push({ number: Number(first), owner: second, due: rest[2], what: {} });
    if (key === "what") out.undertakings.at(-1).what[first] = rest.slice(1).join(" ");
    if (key === "text") out.texts[first] = lines = [];
  }
  for (const l of Object.keys(out.texts)) out.texts[l] = out.texts[l].join("\n");
  return out;
}

/** The longest common run of two lists, as steps: [kind, item], kind " ", "-" or "+". */
function steps(a, b) {
  const long = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) long[i][j] = a[i] === b[j] ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
  const out = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push([" ", a[i++]]);
      j++;
    } else if (i < a.length && (j === b.length || long[i + 1][j] >= long[i][j + 1])) out.push(["-", a[i++]]);
    else out.push(["+", b[j++]]);
  }
  return out;
}

const WORDS_MAX = 2000;
const words = (text, lang) => [...new Intl.Segmenter(lang, { granularity: "word" }).segment(text)].map((s) => s.segment);

function changes(before, after, lang) {
  if (before === after) return [{ kind: " ", text: after }];
  const a = words(before, lang),
    b = words(after, lang);
  if (a.length > WORDS_MAX || b.length > WORDS_MAX)
    return [
      { kind: "-", text: before },
      { kind: "+", text: after },
    ];
  const out = [];
  for (const [kind, text] of steps(a, b)) out.at(-1)?.kind === kind ? (out.at(-1).text += text) : out.push({ kind, text });
  return out;
}

const paragraphs = (text) =>
  (text ?? "")
    .split(/\n\s*\n/)
    .map((p) => p.trim())
    .filter(Boolean);

const bags = new Map(); // of a paragraph: its words; each is compared with many
function bagOf(text, lang) {
  const key = `${lang} ${text}`;
  if (!bags.has(key))
    bags.set(
      key,
      words(text, lang).filter((w) => /[\p{L}\p{N}]/u.test(w)),
    );
  return bags.get(key);
}

/** How alike two paragraphs are, from 0 to 1: the part of their words that both have. */
function likeness(a, b, lang) {
  if (a === b) return 1;
  const count = new Map(),
    of = bagOf(a, lang),
    other = bagOf(b, lang);
  for (const w of of) count.set(w, (count.get(w) ?? 0) + 1);
  let both = 0;
  for (const w of other) if (count.get(w) > 0) both += (count.set(w, count.get(w) - 1), 1);
  return (2 * both) / Math.max(1, of.length + other.length);
}

const ALIKE = 0.3; // below it one paragraph went and another came

/** Which old paragraph each row stands for: pairs [old or -1, new or -1], so that the pairs together are as alike as can be. */
function align(before, after, alike) {
  const best = Array.from({ length: before.length + 1 }, () => new Float64Array(after.length + 1));
  const score = before.map((_x, i) => after.map((_y, j) => alike(i, j)));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], score[i][j] >= ALIKE ? best[i + 1][j + 1] + score[i][j] : 0);
  const pairs = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    const open = i < before.length && j < after.length;
    if (open && score[i][j] >= ALIKE && best[i][j] === best[i + 1][j + 1] + score[i][j]) pairs.push([i++, j++]);
    else if (i < before.length && (j === after.length || best[i][j] === best[i + 1][j])) pairs.push([i++, -1]);
    else pairs.push([-1, j++]);
  }
  return pairs;
}

/** Rows of [old, new] by language: each is aligned by itself, and what came behind an old paragraph stands side by side there. */
function rowsOf(now, old, languages) {
  const most = (all) => Math.max(0, ...languages.map((l) => all[l].length));
  if (!old) return Array.from({ length: most(now) }, (_x, i) => Object.fromEntries(languages.map((l) => [l, [-1, i]])));
  const kept = {},
    came = {}; // by language: the new place of an old paragraph, and what came behind it
  for (const l of languages) {
    kept[l] = new Map();
    came[l] = new Map();
    let behind = -1;
    for (const [i, j] of align(old[l], now[l], (a, b) => likeness(old[l][a], now[l][b], l))) {
      if (i >= 0) kept[l].set((behind = i), j);
      else came[l].set(behind, [...(came[l].get(behind) ?? []), j]);
    }
  }
  const rows = [];
  for (let i = -1; i < most(old); i++) {
    if (i >= 0) rows.push(Object.fromEntries(languages.map((l) => [l, [i, kept[l].get(i) ?? -1]])));
    const more = Math.max(...languages.map((l) => came[l].get(i)?.length ?? 0));
    for (let n = 0; n < more; n++) rows.push(Object.fromEntries(languages.map((l) => [l, [-1, came[l].get(i)?.[n] ?? -1]])));
  }
  return rows;
}

/** Paragraphs side by side: {number, state: first | same | changed | one, cells: {language: parts}, changed: [languages]}; `number`: of the new text, null for one that went. */
export function compare(texts, before) {
  const languages = Object.keys(texts),
    now = {},
    old = before ? {} : null;
  let number = 0;
  bags.clear();
  for (const l of languages) {
    now[l] = paragraphs(texts[l]);
    if (before) old[l] = paragraphs(before[l]);
  }
  return rowsOf(now, old, languages).map((row) => {
    const cells = {},
      changed = [],
      has = [];
    for (const l of languages) {
      const [i, j] = row[l],
        was = old?.[l][i] ?? "",
        is = now[l][j] ?? "";
      if (is) has.push(l);
      if (before && was !== is) changed.push(l);
      if (is || was) cells[l] = before ? changes(was, is, l) : [{ kind: " ", text: is }];
    }
    const apart = has.length > 0 && has.length < languages.length;
    const state = apart ? "one" : !before ? "first" : !changed.length ? "same" : changed.length === languages.length ? "changed" : "one";
    return { number: has.length ? ++number : null, state, cells, changed: changed.length ? changed : has };
  });
}
