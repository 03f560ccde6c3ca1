// The facts of one case, off the page's thread: taken apart into typed arrays, filtered, sorted, counted.
//
// In: {load: bytes, past, seq} gives {load: seq, whole, tables}, where the tables of sheets that were `known` lack what
// these state; {query, seq} gives {seq, order, findings, …}.
import { changing, makeTable, prepare, select } from "./facts-table.js";

let tables = [];
let facts = new Map(); // by sheet: the columns that it states, which never change
const before = new Map(); // by sheet: the findings as they were, for what changed since

onmessage = ({ data }) => {
  if (data.load) {
    const whole = JSON.parse(new TextDecoder().decode(data.load));
    tables = whole.sheets.map((sheet) =>
      makeTable(sheet, whole.messages, data.past ? new Map() : before, sheet.known && facts.get(sheet.sheet)),
    );
    facts = new Map(whole.sheets.map((sheet, i) => [sheet.sheet, tables[i]]));
    for (const sheet of whole.sheets) delete sheet.columns;
    postMessage({ load: data.seq, whole, tables: tables.map((t, i) => (whole.sheets[i].known ? changing(t.shared) : t.shared)) });
    tables.forEach(prepare);
  } else {
    const table = tables[data.query.sheet];
    if (!table) return;
    const said = select(table, data.query);
    postMessage({ seq: data.seq, ...said }, [said.order.buffer]);
  }
};
