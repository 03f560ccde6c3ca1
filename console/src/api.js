// The desk's interface: commands by POST, with the session's secret in a header.
const KEY = "parley-session";

/** The secret comes behind `#` once, and stays with this origin: the port is part of it. */
export function takeSecret() {
  const secret = location.hash.slice(1);
  if (secret.length !== 43) return;
  localStorage.setItem(KEY, secret);
  history.replaceState(null, "", location.pathname + location.search);
}

export class Fault extends Error {
  constructor(status, words) {
    super(words);
    this.status = status;
  }
}

async function ask(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: { "Parley-Session": localStorage.getItem(KEY) ?? "", "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (answer.ok) return answer;
  const fault = await answer.json().catch(() => ({}));
  throw new Fault(answer.status, fault.error ?? answer.statusText);
}

/** Runs a command; options are named as on the command line, without their dashes. */
export async function api(command, { words = [], options = {}, job = "" } = {}) {
  const query = new URLSearchParams({ language: document.documentElement.lang, job });
  const answer = await ask("POST", `/api/run/${command}?${query}`, { words, options });
  return answer.headers.get("Content-Type").startsWith("application/json") ? answer.json() : answer.blob();
}
