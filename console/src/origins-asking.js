// By which tables origins are counted: chosen from those of the home, or named by their files.
import { html } from "htm/preact";
import { _ } from "./i18n.js";
import { useApi } from "./live.js";
import { basisWord } from "./origins-data.js";
import { utcDay } from "./time.js";

const short = (file) => file.replace(/\.table$/, "");

/** The tables of the home: undefined until they are known. */
export function useTables() {
  const { data, fault } = useApi("territory", { words: ["show"] }, false);
  return data ? data.map((t) => ({ ...t, file: short(t.file) })) : fault ? [] : undefined;
}

/** The two by which one counts where nothing else is said: of unlike basis, if there are such. */
export function usual(tables) {
  const [first] = tables,
    other = tables.find((t) => t.basis !== first?.basis) ?? tables[1];
  return [first?.file ?? "", other?.file ?? ""];
}

const says = (t) => `${basisWord(t.basis)}, ${t.name}, ${utcDay(t.date)} ${t.date.slice(0, 4)}`;

/** Fields `a` and `b`; `given`: what stands in them. */
export const TableFields = ({ tables, given, needed = true }) => html`${["a", "b"].map(
  (name, t) => html`<label><span>${t ? _("Table B, to compare with") : _("Table A")}</span>
    <input name=${name} list="territory-tables" defaultValue=${given[t]} required=${needed && !t} spellcheck="false" autocomplete="off" /></label>`,
)}
  <datalist id="territory-tables">${(tables ?? []).map((t) => html`<option value=${t.file}>${says(t)}</option>`)}</datalist>`;

export const NoTables = () =>
  html`<p class="note">${_("There is no territory table in this home. `parley territory compile` makes one of the files of a registry or vendor; it goes into the folder territory of the home, or is named here by its file.")}</p>`;
