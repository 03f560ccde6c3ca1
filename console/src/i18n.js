// Words in the reader's language.  `_` and `_n` mark what `script/pot` collects; the catalogues are made of po/*.po.

let catalog = {};
let rules = new Intl.PluralRules("en");

/** Fetches a catalogue and takes it; English needs none. */
export async function useLanguage(code) {
  const got = code === "en" ? {} : await fetch(`/page/${code}.json`).then((r) => (r.ok ? r.json() : {}));
  catalog = got;
  rules = new Intl.PluralRules(code);
  digits = new Intl.NumberFormat(code);
  document.documentElement.lang = code;
  localStorage.setItem("parley-language", code);
}

export const language = () => document.documentElement.lang;

const fill = (text, values) => (values ? text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all) : text);

/** A sentence; `{name}` stands for a value. */
export const _ = (text, values) => fill(catalog[text]?.[0] || text, values);

// The order of forms in the catalogues: gettext's, which is that of these categories.
const FORMS = { en: ["one", "other"], fr: ["one", "other"], ru: ["one", "few", "many"] };

/** A sentence with a count, which is `{n}` in it. */
export function _n(one, many, n, values) {
  const at = FORMS[language()].indexOf(rules.select(n));
  const form = catalog[one]?.[at < 0 ? FORMS[language()].length - 1 : at] || (n === 1 ? one : many);
  return fill(form, { ...values, n: number(n) });
}

/** A word of a closed list ("kind", "finding", "state", …). */
export const word = (list, name) => catalog[`${list}\u0004${name}`]?.[0] || catalog[name]?.[0] || name;

let digits = new Intl.NumberFormat("en");
export const number = (n) => digits.format(n);
