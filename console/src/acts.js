// What may be done next in a case: the acts that the rules would count now, each with the few words that it needs.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { _, word } from "./i18n.js";
import { refresh } from "./live.js";
import { sendOrQueue, useQueue } from "./queue.js";
import { WordField } from "./sending.js";

/** Acts of a few words: the command, its verb, its fields. */
const ACTS = {
  acknowledge: {
    verb: () => _("Acknowledge"),
    says: () => _("It tells that people have taken it up. It agrees to nothing."),
    fields: ["own-number", "text"],
  },
  decline: { verb: () => _("Decline"), fields: ["reason", "text"] },
  remark: { verb: () => _("Remark"), fields: ["text"], key: "r" },
  ask: { verb: () => _("Ask for evidence"), fields: ["rows", "text"], key: "a" },
  disclose: {
    verb: () => _("Disclose lines"),
    says: () => _("It shows lines behind facts, with the proof that the claim committed to them. What is shown can't be taken back."),
    fields: ["evidence", "rows-or-asked", "text"],
  },
  transfer: {
    verb: () => _("Transfer"),
    says: () => _("It passes the case on to who is competent, and says so."),
    fields: ["department", "text"],
  },
  link: { verb: () => _("Link with another case"), fields: ["relation", "other", "text"] },
  withdraw: { verb: () => _("Withdraw"), fields: ["text"] },
  close: { verb: () => _("Close our side"), fields: ["text"] },
  reopen: { verb: () => _("Reopen"), fields: ["text"] },
};
export const acts = ACTS;

const LABELS = {
  text: () => _("Text"),
  "own-number": () => _("The number in our own files"),
  reason: () => _("Reason"),
  rows: () => _("Facts, as 0-9,12"),
  "rows-or-asked": () => _("Facts, as 0-9,12 (else those asked for)"),
  evidence: () => _("The evidence tree that was made with the sheet"),
  department: () => _("Department of our own"),
  relation: () => _("Relation"),
  other: () => _("The other case: its number or name"),
};

const RELATIONS = ["duplicate-of", "same-campaign", "supersedes"];
const base64 = (file) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });

function Field({ name, given = {} }) {
  if (name === "text")
    return html`<label class="field"><span>${LABELS.text()}</span><textarea name="text">${given.text ?? ""}</textarea></label>`;
  if (name === "evidence")
    return html`<label class="field"><span>${LABELS.evidence()}</span><input type="file" name="evidence" required /></label>`;
  if (name === "relation")
    return html`<label class="field"><span>${LABELS.relation()}</span><select name="relation" required>${RELATIONS.map((r) => html`<option value=${r}>${word("link", r)}</option>`)}</select></label>`;
  if (name === "rows-or-asked")
    return html`<label class="field"><span>${LABELS[name]()}</span><input name="rows" pattern="[-0-9, ]*" /></label>`;
  if (name === "reason") return html`<${WordField} command="decline" option="reason" list="decline" label=${LABELS.reason()} required />`;
  return html`<label class="field"><span>${LABELS[name]()}</span><input name=${name} value=${given[name] ?? ""} required=${name !== "own-number"} /></label>`;
}

/** A dialog for one act; `done` closes it. */
export function Act({ name, matter, done, given }) {
  const dialog = useRef();
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const { since } = useQueue();
  useEffect(() => dialog.current.showModal(), []);
  const send = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target),
      options = { draft: event.submitter?.value === "draft" },
      words = [matter];
    for (const field of ["department", "relation", "other", "text"]) if (form.get(field)) words.push(form.get(field));
    setBusy(true);
    try {
      for (const [field, value] of form) {
        if (value instanceof File) options[field] = { base64: await base64(value) };
        else if (value && !["department", "relation", "other", "text"].includes(field)) options[field] = value;
      }
      await sendOrQueue(name, { words, options }, ACTS[name].verb());
      refresh();
      dialog.current.close();
    } catch (fault) {
      setWhy(fault.message);
      setBusy(false);
    }
  };
  return html`<dialog ref=${dialog} onClose=${done} aria-labelledby="act">
    <h2 id="act">${ACTS[name].verb()}</h2>
    ${ACTS[name].says && html`<p class="quiet">${ACTS[name].says()}</p>`}
    <form onSubmit=${send}>
      ${ACTS[name].fields.map((f) => html`<${Field} name=${f} given=${given} />`)}
      ${why && html`<p class="attn" role="alert">${why}</p>`}
      <p class="buttons field">
        <button class="primary" value="send" disabled=${busy}>${since ? _("Queue") : _("Send")}</button>
        <button value="draft" disabled=${busy}>${_("Keep as a draft")}</button>
        <button type="button" onClick=${() => dialog.current.close()}>${_("Cancel")}</button>
      </p>
    </form>
  </dialog>`;
}
