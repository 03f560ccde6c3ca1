// What the desk is asked for, kept up to date: asked again when records change, shown as it was until the answer is there.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, events } from "./api.js";

const listeners = new Set();
let timer = null;

/** Asks everything that is shown again, once for what comes within a quarter of a second. */
export function refresh() {
  timer ??= setTimeout(() => {
    timer = null;
    for (const listener of listeners) listener();
  }, 250);
}

/** Calls `listener` at each refresh, until what it returns is called. */
export function onRefresh(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const jobs = new Map();

/** Calls `tell(text)` for each line of progress of a job, until what it returns is called. */
export function onProgress(job, tell) {
  jobs.set(job, tell);
  return () => jobs.delete(job);
}

/** Opens the stream of events; `told` is given each that is no change. */
export function startEvents(told) {
  events((name, data) => {
    if (name === "change" || name === "lost") refresh();
    if (name === "progress") jobs.get(data.job)?.(data.text);
    told(name, data);
  });
}

/** {data, fault, at}: what a command says, `at` the time when it was asked; `call` as for api(). */
export function useApi(command, call = {}, again = true) {
  const [state, setState] = useState({});
  const key = JSON.stringify([command, call]);
  const newest = useRef(key);
  useEffect(() => {
    let gone = false;
    newest.current = key;
    const ask = async () => {
      const at = new Date().toISOString();
      try {
        const data = await api(command, call);
        if (!gone && newest.current === key) setState({ data, at });
      } catch (fault) {
        if (!gone && newest.current === key) setState((old) => ({ ...old, fault, at }));
      }
    };
    ask();
    if (again) listeners.add(ask);
    return () => {
      gone = true;
      listeners.delete(ask);
    };
  }, [key]);
  return state;
}

/** The time, each minute anew: deadlines run. */
export function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 30000);
    return () => clearInterval(tick);
  }, []);
  return now;
}
