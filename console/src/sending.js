// What pages share that send something: a form whose button runs a command, in the page or in a dialog.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, wordsOf } from "./api.js";
import { _, word } from "./i18n.js";
import { onProgress, refresh } from "./live.js";
import { sendOrQueue, useQueue } from "./queue.js";

/** {run, why, busy, says}: `run(command, call)` gives what the command says, or undefined where it failed, and `why` says why; `says`: how far it is.
    `run(command, call, title)` is an act that waits, by that title, where the node can't be reached. */
export function useRun() {
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const [says, setSays] = useState("");
  const run = async (command, call, title) => {
    const job = `${command}-${Date.now().toString(36)}`,
      end = onProgress(job, setSays);
    setBusy(true);
    setWhy("");
    try {
      const said = await (title ? sendOrQueue(command, call, title) : api(command, { ...call, job }));
      refresh();
      return said ?? {};
    } catch (fault) {
      setWhy(fault.message);
    } finally {
      end();
      setSays("");
      setBusy(false);
    }
  };
  return { run, why, busy, says };
}

/** How far a job is: seen at once, said to a screen reader at most every ten seconds. */
export function Progress({ busy, says }) {
  const [said, setSaid] = useState(""),
    latest = useRef("");
  latest.current = says;
  useEffect(() => {
    if (!busy) return setSaid("");
    setSaid(_("One moment …"));
    const timer = setInterval(() => setSaid(latest.current), 10000);
    return () => clearInterval(timer);
  }, [busy]);
  return html`${busy && html`<p class="quiet field" aria-hidden="true">${says || _("One moment …")}</p>`}<p class="unseen" role="status">${said}</p>`;
}

/** Where logs are and how they are read, as fields of a form. */
export const LogFields = ({ children }) => html`<label class="field"><span>${_("Logs on this machine")}</span>
    <span class="hint">${_("A path, a folder or a pattern as /var/log/auth.log* on each line.")}</span><textarea name="logs" spellcheck="false"></textarea></label>
  <div class="fields field">
    <label><span>${_("Format, where it is not seen by itself")}</span><input name="format" /></label>
    <label><span>${_("Year of the first line, where times name none")}</span><input type="number" min="1970" max="9999" name="year" /></label>
    <label><span>${_("Zone of times without one, as Europe/Paris")}</span><input name="timezone" /></label>
    <label><span>${_("Event, where the lines name none")}</span><input name="event" /></label>
    ${children}
  </div>`;
export const logsOf = (form) =>
  form
    .get("logs")
    .split("\n")
    .map((l) => l.trim())
    .filter(Boolean);
export const logOptions = (form) => ({
  ...filled(form, ["format", "timezone", "event"]),
  ...(form.get("year") ? { year: Number(form.get("year")) } : {}),
});

/** A form for one command: `call(fields)` makes its words and options of what was filled in; `drafts`: it may be kept. */
export function Sending({ command, call, verb, title, done, drafts, cancel, children }) {
  const { run, why, busy } = useRun(),
    { since } = useQueue();
  const send = async (event) => {
    event.preventDefault();
    const made = call(new FormData(event.target));
    if (event.submitter?.value === "draft") made.options = { ...made.options, draft: true };
    const said = await run(command, made, title ?? verb);
    if (said) done?.(said);
  };
  return html`<form onSubmit=${send}>
    ${children}
    ${why && html`<p class="attn" role="alert">${why}</p>`}
    <p class="buttons field">
      <button class="primary" value="send" disabled=${busy}>${since ? _("Queue") : verb}</button>
      ${drafts && html`<button value="draft" disabled=${busy}>${_("Keep as a draft")}</button>`}
      ${cancel && html`<button type="button" onClick=${cancel}>${_("Cancel")}</button>`}
    </p>
  </form>`;
}

/** The same in a dialog of its own, which `close` ends. */
export function SendDialog({ title, says, close, done, children, ...form }) {
  const dialog = useRef();
  useEffect(() => dialog.current.showModal(), []);
  const end = () => dialog.current?.close();
  return html`<dialog ref=${dialog} onClose=${close} aria-labelledby="send-title">
    <h2 id="send-title">${title}</h2>
    ${says && html`<p class="quiet">${says}</p>`}
    <${Sending} ...${form} title=${title} cancel=${end} done=${(said) => (end(), done?.(said))}>${children}<//>
  </dialog>`;
}

/** What a field for a day and an hour has, as a time in UTC. */
export const asTime = (value) => `${value.slice(0, 16)}:00Z`;
/** Fields that are not empty, as options. */
export const filled = (form, names) => Object.fromEntries(names.map((n) => [n, form.get(n)]).filter(([, v]) => v));

export const Text = ({ name = "text", label, ...more }) =>
  html`<label class="field"><span>${label ?? _("Text")}</span><textarea name=${name} ...${more}></textarea></label>`;
export const Line = ({ name, label, hint, ...more }) =>
  html`<label class="field"><span>${label}</span>${hint && html`<span class="hint">${hint}</span>`}<input name=${name} ...${more} /></label>`;

/** A choice among the words of a closed list: those that an option of a command takes. */
export function WordField({ command, option, list, label, empty, required }) {
  const [words, setWords] = useState([]);
  useEffect(() => void wordsOf(command, option).then(setWords, () => {}), [command, option]);
  return html`<label class="field"><span>${label}</span><select name=${option} required=${required}>
    ${empty && html`<option value="">–</option>`}${words.map((w) => html`<option value=${w}>${word(list, w)}</option>`)}</select></label>`;
}
