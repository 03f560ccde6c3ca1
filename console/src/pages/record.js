// Whether both sides hold the same records: one sentence, contradictions, what each side holds, what was compared.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { _, _n, number, word } from "../i18n.js";
import { Key, useKeys } from "../keys.js";
import { useApi, useNow } from "../live.js";
import { Icon, Receipt, Trouble, Us, Waiting } from "../parts.js";
import { setQuery } from "../router.js";
import { save } from "../save.js";
import { useRun } from "../sending.js";
import { span, utc, when } from "../time.js";

const isBad = (c) => c.contradictions > 0 || c.equivocation_proofs > 0 || c.state === "frozen";
const isStopped = (c) => isBad(c) || c.compared?.result === "differ";
const nameOf = (c) => c.party + (c.drill ? _(" (drill)") : "");

function sentence(live) {
  const bad = live.filter(isBad).length,
    restored = live.filter((c) => c.state === "restored").length;
  const met = live
    .filter((c) => c.contacted_at)
    .map((c) => c.contacted_at)
    .sort();
  if (!live.length) return _("No channel is open yet.");
  const differ = live.filter((c) => c.compared?.result === "differ").length;
  if (differ)
    return _n(
      "On {n} channel people found that the safety numbers differ: nothing is sent there.",
      "On {n} channels people found that the safety numbers differ: nothing is sent there.",
      differ,
    );
  if (bad)
    return `${_n("{n} channel is frozen by a contradiction.", "{n} channels are frozen by contradictions.", bad)} ${live.length > bad ? _n("In {n} other none is known.", "In {n} others none is known.", live.length - bad) : ""}`;
  if (restored)
    return `${_("No contradiction known.")} ${_n("{n} restored channel signs nothing until it was compared.", "{n} restored channels sign nothing until they were compared.", restored)}`;
  if (met.length < live.length)
    return `${_("No contradiction known.")} ${_n("{n} channel was never compared.", "{n} channels were never compared.", live.length - met.length)}`;
  return `${_("No contradiction known.")} ${live.length > 1 ? _("Each was compared since {T} UTC.", { T: utc(met[0]) }) : _("Last compared {T} UTC.", { T: utc(met[0]) })}`;
}

/** Both notes of a proof: each begins with the record's name. */
function notesOf(found) {
  const lines = (found.text ?? "").split("\n"),
    starts = lines.flatMap((l, i) => (l === found.record ? [i] : []));
  return starts.map((from, n) =>
    lines
      .slice(from, starts[n + 1] ?? lines.length)
      .join("\n")
      .trim(),
  );
}

/** A line with what differs from the other's marked: from the first differing character to the last. */
function Marked({ text, other }) {
  if (text === other || other === undefined) return html`${text}${"\n"}`;
  let from = 0,
    end = 0;
  while (from < text.length && text[from] === other[from]) from++;
  while (end < text.length - from && end < other.length - from && text.at(-1 - end) === other.at(-1 - end)) end++;
  return html`${text.slice(0, from)}<mark>${text.slice(from, text.length - end)}</mark>${end ? text.slice(-end) : ""}${"\n"}`;
}

const keep = (found) => save(found.text, `contradiction-${found.found_at.replace(/[:]/g, "")}.txt`);

function Contradiction({ channel, found }) {
  const notes = notesOf(found)
    .slice(0, 2)
    .map((n) => n.split("\n"));
  return html`<section class="note bad" aria-label=${_("Contradiction in a record of {P}", { P: channel.party })}>
    <div class="head"><div><h2><${Icon} name="warning" /> ${found.proves ? _("A log key of the channel with {P} has signed two histories of one record", { P: nameOf(channel) }) : _("Two accounts of one record of the channel with {P} differ", { P: nameOf(channel) })}</h2>
      <p>${found.proves ? _("Both checkpoints below are signed by that key, and they can't both be true. Nothing is sent or receipted on this channel until people have spoken. It proves what the key signed, not who used the key.") : _("What was given is no proof by signatures. Nothing is sent or receipted on this channel until people have spoken.")}</p>
      <p class="small">${_("Found {T}", { T: when(found.found_at) })}</p></div>
      ${
        found.text &&
        html`<div class="buttons no-print"><button onClick=${() => keep(found)}>${found.proves ? _("Save the proof") : _("Save the contradiction")} <${Key} name="d" /></button>
        <a class="button" href="/directory/${channel.party}">${_("Call their duty officer")}</a></div>`
      }</div>
    ${notes.length === 2 && html`<div class="checkpoints">${notes.map((lines, i) => html`<pre tabindex="0" aria-label=${_("Checkpoint {n}", { n: i + 1 })}>${lines.map((l, n) => html`<${Marked} text=${l} other=${notes[1 - i][n]} />`)}</pre>`)}</div>`}
  </section>`;
}

const SHOWN = 40,
  WIDTH = 760;
function Rail({ party, own, size, held, says, at, most }) {
  const first = Math.max(0, size - most),
    x = (n) => 24 + (Math.max(n - first, 0) / Math.max(1, most)) * WIDTH,
    open = size - held;
  const words = open
    ? _n("{m} entries, {n} without a receipt", "{m} entries, {n} without a receipt", open, { m: number(size) })
    : _n("{n} entry, held by both", "{n} entries, all held by both", size);
  return html`<div class="rail-row"><div><b>${party}</b><${Us} party=${party} own=${own} /><div class="small quiet">${says}</div>
      <div class="small">${words}${at && html`; <span class="whole">${_("held {T} UTC", { T: utc(at) })}</span>`}</div></div>
    <svg class="narrow-off" viewBox="0 0 ${WIDTH + 60} 44" width="100%" role="img" aria-label="${party}: ${words}">
      ${first > 0 && html`<path d="M0 22h20" stroke="var(--edge)" stroke-dasharray="3 3" />`}
      <rect x="24" y="16" width=${x(held) - 24} height="12" fill="var(--ink2)" />
      ${open > 0 && html`<rect x=${x(held)} y="16.5" width=${x(size) - x(held)} height="11" fill="var(--paper)" stroke="var(--ink2)" stroke-dasharray="3 2" />`}
      ${Array.from({ length: Math.floor((size - first) / 5) }, (_x, i) => html`<path d="M${x(first + (i + 1) * 5)} 28v5" stroke="var(--edge)" />`)}
      <path d="M${x(held)} 8v24" stroke="var(--ink)" stroke-width="2" />
      <text x=${x(held) > 120 ? x(held) - 6 : x(held) + 6} y="11" font-size="12" font-weight="600" text-anchor=${x(held) > 120 ? "end" : "start"} fill="var(--ink)">${number(held)}</text>
    </svg></div>`;
}

function Channel({ channel: c, own, choices, choose }) {
  const sides = [
    { party: own, size: c.own_size, held: c.receipted_size, at: c.receipted_at, says: _("what we said to them") },
    { party: c.party, size: c.their_size, held: c.cosigned_size, says: _("what they said to us") },
  ].sort((a, b) => (a.party < b.party ? -1 : 1));
  const most = Math.min(SHOWN, Math.max(...sides.map((s) => s.size))); // one scale for both
  return html`<section class="panel" aria-labelledby="channel">
    <header><h2 id="channel">${_("Channel with {P}", { P: nameOf(c) })}</h2><span class="quiet">${c.contacted_at ? _("last exchange {T} UTC", { T: utc(c.contacted_at) }) : _("no exchange yet")}</span>
      ${choices.length > 1 && html`<span class="end chips no-print" role="group" aria-label=${_("Channels")}>${choices.map((o) => html`<button class="chip" aria-pressed=${String(o === c)} onClick=${() => choose(o)}>${isStopped(o) && html`<${Icon} name="warning" />`}${nameOf(o)}</button>`)}</span>`}</header>
    <div class="in">${c.trouble && html`<p class="attn">${_("The last attempt, {T} UTC, failed: {why}", { T: utc(c.tried_at), why: c.trouble })}</p>`}
      ${sides.map((s) => html`<${Rail} ...${s} own=${own} most=${most} />`)}
      <p class="small quiet">${_("The last entries of each. Filled: held by both. Open: said, no receipt yet. Order of rows: by name, the same on both desks.")}</p></div>
  </section>`;
}

function Compared({ channel: c, own, fsck, now }) {
  const agrees = (party) => ((c.found ?? []).some((f) => f.of === party) ? html`<b class="attn">${_("contradiction")}</b>` : _("agrees"));
  const rows = [
    [
      _("Their record extends every checkpoint that we hold"),
      _("their node"),
      c.contacted_at,
      c.contacted_at ? agrees(c.party) : _("not yet"),
    ],
    [
      _("Our record extends every checkpoint that we signed"),
      _("their receipts"),
      c.receipted_at,
      c.receipted_at ? agrees(own) : _("no receipt yet"),
    ],
    [
      _("All that this home keeps, by its bytes and signatures"),
      fsck ? _n("disk, {n} file", "disk, {n} files", fsck.checked.blobs) : _("disk"),
      fsck?.at,
      fsck
        ? fsck.fault_count
          ? html`<b class="attn">${_n("{n} fault", "{n} faults", fsck.fault_count)}</b>`
          : _("agrees")
        : _("not since this page was opened"),
    ],
    [
      _("Fingerprints compared by people"),
      c.compared?.how ?? _("voice"),
      c.compared?.time,
      html`${c.compared && (c.compared.result === "differ" ? html`<b class="attn">${_("they differ")}</b>` : c.compared.current ? _("{d} ago, {by}", { d: span(now - Date.parse(c.compared.time)), by: c.compared.by }) : _("a root key has changed since"))}${c.compared && " "}
      <a href="/fingerprint/${c.party}">${_("compare again")}</a>`,
    ],
  ];
  return html`<section class="panel" aria-labelledby="compared"><header><h2 id="compared">${_("What was compared")}</h2><span class="end">UTC</span></header>
    <table class="listed"><thead><tr><th scope="col">${_("Check")}</th><th scope="col">${_("Against")}</th><th scope="col" class="number">${_("When")}</th><th scope="col">${_("Result")}</th></tr></thead>
    <tbody>${rows.map((r) => html`<tr><th scope="row">${r[0]}</th><td data-head=${_("Against")}>${r[1]}</td><td class="number" data-head=${_("When")}>${r[2] ? utc(r[2]) : ""}</td><td data-head=${_("Result")}>${r[3]}</td></tr>`)}</tbody></table></section>`;
}

function Receipts({ list, now }) {
  return html`<section class="panel" aria-labelledby="receipts"><header><h2 id="receipts">${_("Last receipts")}</h2><span class="quiet">${_("for what we said")}</span></header>
    <table class="listed"><thead><tr><th scope="col" class="number">${_("Entry")}</th><th scope="col">${_("Kind")}</th><th scope="col">${_("State")}</th><th scope="col" class="number">${_("After")}</th></tr></thead>
    <tbody>${list.slice(0, 8).map(
      (m) => html`<tr><td class="number" data-head=${_("Entry")}>${number(m.entry)}</td><td>${word("kind", m.kind)}</td>
      <td><${Receipt} stage=${m.stage} />${m.receipted && html`<span class="small quiet"> ${utc(m.receipted)}</span>`}</td>
      <td class="number whole" data-head=${_("After")}>${span((m.receipted ? Date.parse(m.receipted) : now) - Date.parse(m.said))}</td></tr>`,
    )}</tbody></table></section>`;
}

function Faults({ fsck }) {
  if (!fsck) return null;
  if (!fsck.fault_count)
    return html`<p class="note" role="status">${_("The check of all that this home keeps found no fault: {a} entries, {b} checkpoints, {c} receipts, {d} files.", { a: number(fsck.checked.entries), b: number(fsck.checked.checkpoints), c: number(fsck.checked.receipts), d: number(fsck.checked.blobs) })}</p>`;
  return html`<section class="note bad" role="alert"><h2>${_n("{n} fault", "{n} faults", fsck.fault_count)}</h2><ul>${fsck.faults.map((f) => html`<li>${f.what}<div class="small">${_("What would mend it: {what}", { what: f.mend })}</div></li>`)}</ul></section>`;
}

export function Record({ session }) {
  const now = useNow(),
    own = session.party;
  const { data, fault, at } = useApi("status");
  const { data: outbox } = useApi("outbox", { options: { all: true } });
  const [fsck, setFsck] = useState(null);
  const { run, why, busy } = useRun();
  const check = async () => {
    if (busy) return;
    const said = await run("fsck", { job: "fsck" });
    if (said) setFsck({ ...said, at: new Date().toISOString() });
  };
  const live = data?.channels.filter((c) => c.state !== "followed") ?? [];
  const found = (data?.channels ?? []).flatMap((c) => (c.found ?? []).map((f) => ({ channel: c, found: f })));
  useKeys({ x: check, ...(found[0]?.found.text ? { d: () => keep(found[0].found) } : {}) }, [busy, found.length]);
  document.title = `${_("Record health")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const chosen = new URLSearchParams(location.search).get("channel");
  const channel = data.channels.find((c) => c.channel === chosen) ?? live.find(isBad) ?? live[0];
  return html`<${Trouble} fault=${fault} />
    <div class="head"><div><h1>${sentence(live)}</h1>
      <p class="quiet">${_("As this desk knows it at {T}: by each exchange with the other side's node, and by its own files.", { T: when(at) })}</p></div>
      <div class="buttons no-print"><button onClick=${check} disabled=${busy}>${busy ? _("Checking …") : _("Check again")} <${Key} name="x" /></button><button onClick=${() => print()}>${_("Print this state")}</button></div></div>
    <div class="stack">
      ${why && html`<p class="attn" role="alert">${why}</p>`}
      <${Faults} fsck=${fsck} />
      ${data.channels.filter((c) => c.what_to_do).map((c) => html`<p class="note bad">${_("People ask each other what happened, then go on in a successor of the channel with {P}:", { P: nameOf(c) })} <code>${c.what_to_do}</code></p>`)}
      ${found.map((f) => html`<${Contradiction} ...${f} />`)}
      ${
        channel &&
        html`<${Channel} channel=${channel} own=${own} choices=${data.channels} choose=${(c) => setQuery({ channel: c.channel })} />
        <div class="halves"><${Compared} channel=${channel} own=${own} fsck=${fsck} now=${now} />
          <${Receipts} list=${(outbox ?? []).filter((m) => m.with === channel.party)} now=${now} /></div>`
      }
    </div>`;
}
