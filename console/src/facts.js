// A case with its facts, which a worker holds: the page asks it for the order of rows, and shows those in sight.
import { useEffect, useRef, useState } from "preact/hooks";
import { apiBytes } from "./api.js";
import { stated } from "./facts-table.js";
import { onRefresh } from "./live.js";

let worker = null;
const waiting = new Map();
let seq = 0;

function askWorker(message, transfer = []) {
  if (!worker) {
    worker = new Worker("/page/facts-worker.js", { type: "module" });
    worker.onmessage = ({ data }) => {
      const key = data.load ?? data.seq;
      waiting.get(key)?.(data);
      waiting.delete(key);
    };
  }
  const mine = ++seq;
  return new Promise((done) => {
    waiting.set(mine, done);
    worker.postMessage({ ...message, seq: mine }, transfer);
  });
}

const known = new Map(); // by sheet: the columns that it states, which the worker holds, too
let turn = Promise.resolve(); // one after the other: what is known changes with each answer

async function askCase(id, cut) {
  const bytes = await apiBytes("show", { words: [id], options: { columns: true, known: [...known.keys()], at: cut || false } });
  const { whole, tables: made } = await askWorker({ load: bytes, past: Boolean(cut) }, [bytes]);
  const tables = made.map((t, i) => (whole.sheets[i].known ? { ...known.get(whole.sheets[i].sheet), ...t } : t));
  known.clear(); // the worker keeps those of the last case alone
  whole.sheets.forEach((sheet, i) => known.set(sheet.sheet, stated(tables[i])));
  return { data: whole, tables };
}

/** {data, tables, fault, at}: a case as `show --columns` tells it; `cut`: the state at these sizes of both records; `own`: one's own party. */
export function useCase(id, own, cut) {
  const [state, setState] = useState({}),
    other = useRef(null);
  useEffect(() => {
    let gone = false,
      newest = 0;
    const ask = async (mine) => {
      if (gone || mine !== newest) return; // a later one asks the same
      const at = new Date().toISOString();
      try {
        const { data, tables } = await askCase(id, cut);
        other.current = Object.keys(data.cut).find((p) => p !== own);
        if (!gone) setState({ data, tables, at, of: `${id} ${cut}` });
      } catch (fault) {
        if (!gone) setState((old) => ({ ...(old.of === `${id} ${cut}` ? old : {}), fault, at, of: `${id} ${cut}` }));
      }
    };
    const takeTurn = () => {
      const mine = ++newest;
      turn = turn.then(() => ask(mine));
    };
    takeTurn();
    const end = onRefresh((parties) => {
      if (!parties || !other.current || parties.has(other.current)) takeTurn(); // else nothing in it can have changed
    });
    return () => {
      gone = true;
      end();
    };
  }, [id, cut]);
  return state.of === `${id} ${cut}` ? state : {}; // never another cut's facts under this one's name
}

/** What the worker says to a query, null until it first did; `table` makes it ask anew when the facts changed. */
export function useOrder(table, query) {
  const [state, setState] = useState(null);
  const key = JSON.stringify(query),
    newest = useRef(0);
  useEffect(() => {
    if (!table) return;
    const mine = ++newest.current;
    askWorker({ query }).then((answer) => mine === newest.current && setState({ ...answer, table }));
  }, [table, key]);
  return state && state.table?.rows === table?.rows ? state : null; // what it said before stands until it says anew
}
