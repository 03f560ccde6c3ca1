// What is said while the node can't be reached: kept by this page alone, and sent in its order once the node answers again.
import { useEffect, useState } from "preact/hooks";
import { api } from "./api.js";
import { refresh } from "./live.js";

let since = null; // when the node was last not reached
let sending = false;
const waiting = [];
const shown = new Set();
const tell = () => shown.forEach((show) => show());

/** Runs a command now, or keeps it for later; gives what it says, or {queued: true}. */
export async function sendOrQueue(command, call, says) {
  if (!since) return api(command, call);
  waiting.push({ command, call, says, why: "" });
  tell();
  return { queued: true };
}

async function sendAll() {
  if (sending) return;
  sending = true;
  for (let one = waiting[0]; one && !since; one = waiting.find((other) => !other.why)) {
    try {
      await api(one.command, one.call);
      waiting.splice(waiting.indexOf(one), 1);
    } catch (fault) {
      one.why = fault.message;
    }
    tell();
  }
  sending = false;
  refresh();
}

/** `at`: since when the node can't be reached; null: it can. */
export function setOffline(at) {
  if (at === null && since === null) return;
  since = at === null ? null : (since ?? at);
  tell();
  if (!since && waiting.length) sendAll();
}

/** Takes one off the queue. */
export function drop(one) {
  waiting.splice(waiting.indexOf(one), 1);
  tell();
}

/** Tries those again that could not be sent. */
export function again() {
  for (const one of waiting) one.why = "";
  sendAll();
}

/** {since, waiting}, kept up to date. */
export function useQueue() {
  const [, show] = useState(0);
  useEffect(() => {
    const told = () => show((n) => n + 1);
    shown.add(told);
    return () => shown.delete(told);
  }, []);
  return { since, waiting };
}

addEventListener("beforeunload", (event) => waiting.length && event.preventDefault());
