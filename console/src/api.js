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

let asked = 0;
/** When the desk was last asked something: its keys stay open for some hours from then. */
export const lastAsked = () => asked;

async function ask(method, path, body) {
  asked = Date.now();
  const answer = await fetch(path, {
    method,
    headers: { "Parley-Session": localStorage.getItem(KEY) ?? "", "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (answer.ok) return answer;
  const fault = await answer.json().catch(() => ({}));
  throw new Fault(answer.status, fault.error ?? answer.statusText);
}

/** The same, and the bytes of what it prints: for those who read them elsewhere than on the page's thread. */
export async function apiBytes(command, { words = [], options = {} } = {}) {
  const answer = await ask("POST", `/api/run/${command}?${new URLSearchParams({ language: document.documentElement.lang })}`, {
    words,
    options,
  });
  return answer.arrayBuffer();
}

/** Runs a command; options are named as on the command line, without their dashes. */
export async function api(command, { words = [], options = {}, job = "" } = {}) {
  const query = new URLSearchParams({ language: document.documentElement.lang, job });
  const answer = await ask("POST", `/api/run/${command}?${query}`, { words, options });
  if (!answer.headers.get("Content-Type").startsWith("application/json")) return answer.blob();
  const said = await answer.text(); // nothing, where there is nothing to tell
  return said ? JSON.parse(said) : {};
}

let described = null;
/** The words of a closed list, those that an option of a command takes, as the program itself tells them. */
export async function wordsOf(command, option) {
  described ??= ask("GET", "/api/openapi.json").then((r) => r.json());
  const call = (await described).paths[`/api/run/${command}`].post.requestBody.content["application/json"].schema;
  return call.properties.options.properties[option].enum;
}

export const session = () => ask("GET", "/api/session").then((r) => r.json());
export const lock = () => ask("POST", "/api/lock");

/** Opens the keys again; the secret is another one then. */
export async function unlock(passphrase) {
  const { secret } = await ask("POST", "/api/unlock", { passphrase }).then((r) => r.json());
  localStorage.setItem(KEY, secret);
}

/** Calls `tell(name, data)` for each event, and connects again where the stream ends. */
export async function events(tell) {
  let lost = false;
  for (let wait = 1000; ; wait = Math.min(wait * 2, 30000)) {
    try {
      const answer = await ask("GET", "/api/events");
      if (lost) tell("lost", {}); // what came meanwhile was not told
      lost = false;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let held = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        held += part.value;
        const blocks = held.split("\n\n");
        held = blocks.pop();
        for (const block of blocks) {
          const name = /^event: (.*)$/m.exec(block)?.[1],
            data = /^data: (.*)$/m.exec(block)?.[1];
          if (name) tell(name, JSON.parse(data));
        }
        wait = 1000;
      }
      lost = true;
      tell("ended", {});
    } catch (fault) {
      lost = true;
      tell(fault.status === 401 ? "locked" : "ended", {});
      if (fault.status === 401) return;
    }
    await new Promise((done) => setTimeout(done, wait));
  }
}
