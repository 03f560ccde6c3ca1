// The facts of one case, off the page's thread: taken apart into typed arrays, filtered, sorted, counted.
//
// In: {load: bytes, past, seq} gives {load: seq, whole, tables}; {query, seq} gives {seq, order, findings, …}.
import { makeTable, select } from "./facts-table.js";

let tables = [];
const before = new Map(); // by sheet: the findings as they were, for what changed since

onmessage = ({ data }) => {
  if (data.load) {
    const whole = JSON.parse(new TextDecoder().decode(data.load));
    tables = whole.sheets.map((sheet) => makeTable(sheet, whole.messages, data.past ? new Map() : before));
    for (const sheet of whole.sheets) delete sheet.columns;
    postMessage({ load: data.seq, whole, tables: tables.map((t) => t.shared) });
  } else {
    const table = tables[data.query.sheet];
    if (table) postMessage({ seq: data.seq, ...select(table, data.query) });
  }
};
