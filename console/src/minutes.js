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
    const [key, ...rest] = line.split(" "), [first, second] = rest;
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
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) long[i][j] = a[i] === b[j] ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
  const out = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push([" ", a[i++]]);
      j++;
    }
    else if (i < a.length && (j === b.length || long[i + 1][j] >= long[i][j + 1])) out.push(["-", a[i++]]);
    else out.push(["+", b[j++]]);
  }
  return out;
}

const WORDS_MAX = 2000;
const words = (text, lang) => [...new Intl.Segmenter(lang, { granularity: "word" }).segment(text)].map((s) => s.segment);

function changes(before, after, lang) {
  if (before === after) return [{ kind: " ", text: after }];
  const a = words(before, lang), b = words(after, lang);
  if (a.length > WORDS_MAX || b.length > WORDS_MAX) return [{ kind: "-", text: before }, { kind: "+", text: after }];
  const out = [];
  for (const [kind, text] of steps(a, b)) out.at(-1)?.kind === kind ? (out.at(-1).text += text) : out.push({ kind, text });
  return out;
}

/** Paragraphs side by side: {state: first | same | changed | one, cells: {language: parts}, changed: [languages]}. */
export function compare(texts, before) {
  const split = (t) => (t ?? "").split(/\n\s*\n/), languages = Object.keys(texts);
  const now = Object.fromEntries(languages.map((l) => [l, split(texts[l])])), old = Object.fromEntries(languages.map((l) => [l, split(before?.[l])]));
  const count = Math.max(...languages.map((l) => Math.max(now[l].length, before ? old[l].length : 0)));
  return Array.from({ length: count }, (_x, i) => {
    const cells = {}, changed = [];
    for (const l of languages) {
      const was = old[l][i] ?? "", is = now[l][i] ?? "";
      if (before && was !== is) changed.push(l);
      if (is || (before && was)) cells[l] = before ? changes(was, is, l) : [{ kind: " ", text: is }];
    }
    const missing = languages.some((l) => !now[l][i]) && languages.some((l) => now[l][i]);
    const state = missing ? "one" : !before ? "first" : !changed.length ? "same" : changed.length === languages.length ? "changed" : "one";
    return { state, cells, changed: changed.length ? changed : languages.filter((l) => now[l][i]) };
  });
}
