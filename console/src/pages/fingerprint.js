// The safety number, to be compared by voice: group by group, and nothing else on the page.
import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import { api } from "../api.js";
import { utc } from "../time.js";
import { _ } from "../i18n.js";
import { keysAreOn } from "../keys.js";
import { useApi } from "../live.js";
import { Trouble, Waiting } from "../parts.js";
import { useRun } from "../sending.js";

/** Both rows of the number, and whose each is. */
function rowsOf(number, party, own, ownDigits) {
  const groups = number.split(" "),
    half = groups.length / 2;
  return [groups.slice(0, half), groups.slice(half)].map((g) => ({ groups: g, party: g.join(" ") === ownDigits ? own : party }));
}

/** Space steps on, except where it presses a button of its own. */
function useSteps(count) {
  const [at, setAt] = useState(0);
  useEffect(() => {
    const pressed = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keysAreOn() || event.target.closest?.("button, a, input")) return;
      const step = { " ": 1, Backspace: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      setAt((n) => Math.max(0, Math.min(n + step, count)));
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [count]);
  return [at, setAt];
}

function Differ({ party }) {
  return html`<section class="note bad" role="alert"><h2>${_("The numbers differ. Do not accept. Call by another route.")}</h2>
    <p>${_("This is kept: nothing is sent to {P} from this desk until people have compared again.", { P: party })}</p>
    <ul class="dots"><li>${_("Have both read the whole number once more; a misheard digit is the likeliest cause.")}</li>
      <li>${_("Make sure that both look at the same channel: you at {P}, they at you.", { P: party })}</li>
      <li>${_("Ask whether their root key or yours has changed since.")}</li>
      <li>${_("If they differ still, someone may stand between you. Send nothing on this channel, and meet or use another way that you trust.")}</li></ul>
    <p class="field"><a class="button" href="/directory">${_("To the directory")}</a></p></section>`;
}

/** What people found before, and who they were. */
function Last({ compared: c }) {
  if (!c) return null;
  const by = { T: utc(c.time), by: c.by };
  return html`<p class=${c.result === "differ" ? "attn" : "small quiet"}>${c.result === "differ" ? _("Last found to differ: {T} UTC, {by}.", by) : _("Last compared: {T} UTC, {by}.", by)}
    ${c.how ?? ""} ${!c.current && c.result !== "differ" ? _("A root key has changed since: compare again.") : ""}</p>`;
}

function Reading({ party, own, digits, ownDigits, invitation, compared }) {
  const rows = rowsOf(digits, party, own, ownDigits),
    all = rows.flatMap((r) => r.groups);
  const [at, setAt] = useSteps(all.length);
  const [said, setSaid] = useState(null);
  const { run, why, busy } = useRun();
  const whole = at === all.length;
  const [how, setHow] = useState("");
  const found = (result) => ({ [result]: true, ...(how.trim() ? { how: how.trim() } : {}) });
  const match = async () => {
    const done = invitation ? await run("accept", { words: [{ content: invitation }], options: { "safety-number": digits } }) : true;
    if (done && (await run("compare", { words: [party], options: found("matched") }))) setSaid("match");
  };
  const differ = async () => {
    if (await run("compare", { words: [invitation ? { content: invitation } : party], options: found("differ") })) setSaid("differ");
  };
  if (said === "differ") return html`<h1>${_("You and {P}", { P: party })}</h1><${Differ} party=${party} />`;
  if (said === "match")
    return html`<h1>${_("You and {P}", { P: party })}</h1><p class="note" role="status">${invitation ? _("The channel with {P} is open. They need your invitation, too.", { P: party }) : _("The numbers are the same: the root keys are those that both hold.")}</p>
      <p class="field"><a class="button" href="/directory">${_("To the directory")}</a></p>`;
  return html`<h1>${_("You and {P}", { P: party })}</h1>
    <div class="compare">
      <div class="safety" role="group" aria-label=${_("Safety number")}>${rows.map(
        (r, i) =>
          html`<div class="safety-row"><div class="digits">${r.groups.map((g, n) => {
            const place = i * r.groups.length + n;
            return html`<span class=${place === at ? "group current" : place < at ? "group read" : "group"} aria-current=${place === at ? "true" : undefined}>${g}</span>`;
          })}</div><div class="small quiet">${r.party === own ? _("{P} (us)", { P: r.party }) : r.party}</div></div>`,
      )}</div>
      <ol class="steps"><li>${_("Call a number that you did not get over this channel.")}</li>
        <li>${_("Each reads one row aloud, the other follows it here: {a} reads the first.", { a: rows[0].party })}</li>
        <li>${_("{n} of {m} groups were read aloud.", { n: at, m: all.length })}</li>
        <li><label class="field"><span>${_("How, and with whom")}</span><input value=${how} maxlength="200" placeholder=${_("by telephone, their duty officer")} onInput=${(e) => setHow(e.target.value)} /></label></li></ol>
    </div>
    <p class="unseen" aria-live="polite">${whole ? _("Every group was read.") : _("Group {n}: {digits}", { n: at + 1, digits: all[at].split("").join(" ") })}</p>
    ${why && html`<p class="attn" role="alert">${why}</p>`}
    <div class="buttons field">
      <button onClick=${() => setAt((n) => Math.min(n + 1, all.length))} disabled=${whole}>${_("Next group")} <kbd>${_("Space")}</kbd></button>
      <button class=${whole ? "primary" : ""} onClick=${match} disabled=${!whole || busy}>${_("They match")}</button>
      <button onClick=${differ} disabled=${busy}>${_("They differ")}</button>
      <a class="button" href="/directory">${_("Not now")}</a>
    </div>
    <${Last} compared=${compared} />`;
}

/** An invitation that came, as a file. */
function TakeFile({ take }) {
  const [why, setWhy] = useState("");
  const chosen = async (event) => {
    const content = await event.target.files[0].text();
    try {
      take({ content, ...(await api("compare", { words: [{ content }] })) });
    } catch (fault) {
      setWhy(fault.message);
    }
  };
  return html`<h1>${_("Open a channel")}</h1><p>${_("Choose the invitation that the other side gave you. Nothing is accepted before both have compared the number that it gives.")}</p>
    <label class="field"><span>${_("Invitation")}</span><input type="file" onChange=${chosen} /></label>
    ${why && html`<p class="attn" role="alert">${why}</p>`}<p class="field"><a class="button" href="/directory">${_("Not now")}</a></p>`;
}

function Known({ party, ...rest }) {
  const { data, fault } = useApi("compare", { words: [party] }, false);
  if (!data)
    return fault ? html`<${Trouble} fault=${fault} /><p><a href="/directory">${_("To the directory")}</a></p>` : html`<${Waiting} />`;
  return html`<${Reading} party=${data.party} digits=${data.safety_number} compared=${data.compared} ...${rest} />`;
}

export function Compare({ session, place }) {
  const [file, take] = useState(null);
  const { data: ownKey } = useApi("fingerprint", {}, false);
  document.title = `${_("Compare the safety number")} · parley desk`;
  if (!ownKey) return html`<${Waiting} />`;
  const common = { own: session.party, ownDigits: ownKey.fingerprint };
  if (place.path[1]) return html`<${Known} party=${place.path[1]} ...${common} />`;
  if (file) return html`<${Reading} party=${file.party} digits=${file.safety_number} invitation=${file.content} ...${common} />`;
  return html`<${TakeFile} take=${take} />`;
}
