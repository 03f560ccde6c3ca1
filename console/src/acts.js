// What may be done next in a case: the acts that the rules would count now, each with the few words that it needs.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { api } from "./api.js";
import { _, word } from "./i18n.js";
import { refresh } from "./live.js";

const REASONS = ["no-checkable-facts", "not-competent", "duplicate", "out-of-scope", "legal", "security", "other"];
/** Acts of a few words: the command, its verb, its fields. */
const ACTS = {
  acknowledge: { verb: () => _("Acknowledge"), says: () => _("It tells that people have taken it up. It agrees to nothing."), fields: ["own-number", "text"] },
  decline: { verb: () => _("Decline"), fields: ["reason", "text"] },
  remark: { verb: () => _("Remark"), fields: ["text"], key: "r" },
  ask: { verb: () => _("Ask for evidence"), fields: ["rows", "text"], key: "a" },
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
};

function Field({ name, reasons }) {
  if (name === "text") return html`<label class="field"><span>${LABELS.text()}</span><textarea name="text"></textarea></label>`;
  if (name === "reason")
    return html`<label class="field"><span>${LABELS.reason()}</span><select name="reason" required>${reasons.map((r) => html`<option value=${r}>${word("decline", r)}</option>`)}</select></label>`;
  return html`<label class="field"><span>${LABELS[name]()}</span><input name=${name} required=${name === "rows"} /></label>`;
}

/** A dialog for one act; `done` closes it. */
export function Act({ name, matter, done, reasons = REASONS }) {
  const dialog = useRef();
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current.showModal(), []);
  const send = async (event) => {
    event.preventDefault();
    const form = new FormData(event.target), options = { draft: event.submitter?.value === "draft" }, words = [matter];
    for (const [field, value] of form) field === "text" ? value && words.push(value) : value && (options[field] = value);
    setBusy(true);
    try {
      await api(name, { words, options });
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
      ${ACTS[name].fields.map((f) => html`<${Field} name=${f} reasons=${reasons} />`)}
      ${why && html`<p class="attn" role="alert">${why}</p>`}
      <p class="buttons field">
        <button class="primary" value="send" disabled=${busy}>${_("Send")}</button>
        <button value="draft" disabled=${busy}>${_("Keep as a draft")}</button>
        <button type="button" onClick=${() => dialog.current.close()}>${_("Cancel")}</button>
      </p>
    </form>
  </dialog>`;
}
