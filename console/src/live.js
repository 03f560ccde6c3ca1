// What the desk is asked for, kept up to date: asked again when records change, shown as it was until the answer is there.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, events } from "./api.js";

const listeners = new Set();
let timer = null;
let parties = new Set(); // with whom something changed; null: it may be anything

/** Asks everything that is shown again, once for what comes within a quarter of a second; `party`: with whom something changed. */
export function refresh(party) {
  if (!party) parties = null;
  parties?.add(party);
  timer ??= setTimeout(() => {
    const of = parties;
    timer = null;
    parties = new Set();
    for (const one of kept.values()) one.again && one.shown.size ? ask(one) : (one.old = true);
    for (const listener of listeners) listener(of);
  }, 250);
}

/** Calls `listener(parties)` at each refresh, until what it returns is called. */
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
    if (name === "change" || name === "lost") refresh(data.party);
    if (name === "progress") jobs.get(data.job)?.(data.text);
    told(name, data);
  });
}

// ---- what was asked: each once, however many show it, and kept, so that a page that is looked at again stands at once

const KEPT = 40; // answers that nothing shows any more
const kept = new Map(); // by key: {key, command, call, data, fault, at, asking, again, old, shown}

async function ask(one) {
  if (one.asking) return void (one.anew = true); // what changed meanwhile is asked for behind it
  const at = new Date().toISOString();
  one.asking = true;
  one.old = false;
  try {
    one.data = await api(one.command, one.call);
    one.fault = undefined;
  } catch (fault) {
    one.fault = fault;
  }
  one.at = at;
  one.asking = false;
  for (const show of one.shown) show();
  if (one.anew) {
    one.anew = false;
    ask(one);
  }
}

function entry(command, call) {
  const key = JSON.stringify([command, call]);
  let one = kept.get(key);
  if (!one) kept.set(key, (one = { key, command, call, shown: new Set(), old: true }));
  for (const [other, { shown }] of kept) if (kept.size > KEPT && !shown.size && other !== key) kept.delete(other);
  return one;
}

/** Asks before anything shows it: the answer is there, or on its way, when a page wants it. */
export function askAhead(command, call = {}) {
  ask(entry(command, call));
}

/** {data, fault, at}: what a command says, `at` the time when it was asked; `call` as for api(); no command: nothing. */
export function useApi(command, call = {}, again = true) {
  const [, show] = useState(0);
  const key = JSON.stringify([command, call]),
    before = useRef({});
  const one = command ? entry(command, call) : {};
  useEffect(() => {
    if (!command) return;
    const mine = entry(command, call),
      told = () => show((n) => n + 1);
    mine.shown.add(told);
    mine.again ||= again;
    if (mine.old && !mine.asking) ask(mine);
    else if (mine.at) told();
    return () => mine.shown.delete(told) && mine.shown.size === 0 && (mine.old = true);
  }, [key]);
  if (one.data !== undefined || one.fault) before.current = { command, data: one.data, fault: one.fault, at: one.at };
  return before.current.command === command ? before.current : {}; // of another call of it, until this one is answered
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
