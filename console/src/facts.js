// A case with its facts, which a worker holds: the page asks it for the order of rows, and shows those in sight.
import { useEffect, useRef, useState } from "preact/hooks";
import { apiBytes } from "./api.js";
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

/** {data, tables, fault, at}: a case as `show --columns` tells it; `cut`: the state at these sizes of both records. */
export function useCase(id, cut) {
  const [state, setState] = useState({});
  useEffect(() => {
    let gone = false, newest = 0;
    const ask = async () => {
      const mine = ++newest, at = new Date().toISOString();
      try {
        const bytes = await apiBytes("show", { words: [id], options: { columns: true, at: cut || false } });
        const { whole, tables } = await askWorker({ load: bytes, past: Boolean(cut) }, [bytes]);
        if (!gone && mine === newest) setState({ data: whole, tables, at, of: `${id} ${cut}` });
      } catch (fault) {
        if (!gone && mine === newest) setState((old) => ({ ...(old.of === `${id} ${cut}` ? old : {}), fault, at, of: `${id} ${cut}` }));
      }
    };
    ask();
    const end = onRefresh(ask);
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
  const key = JSON.stringify(query), newest = useRef(0);
  useEffect(() => {
    if (!table) return;
    const mine = ++newest.current;
    askWorker({ query }).then((answer) => mine === newest.current && setState({ ...answer, table }));
  }, [table, key]);
  return state && state.table?.rows === table?.rows ? state : null; // what it said before stands until it says anew
}
