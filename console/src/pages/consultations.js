// Meetings on cases, and the text that both sign: two languages side by side, one hash.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { caseAddress, titled } from "../cases.js";
import { _, _n, number, word } from "../i18n.js";
import { useKeys } from "../keys.js";
import { useApi } from "../live.js";
import { compare, readMinutes } from "../minutes.js";
import { Tlp, Trouble, Us, Waiting } from "../parts.js";
import { filled, Line, SendDialog, Text } from "../sending.js";
import { utc, when } from "../time.js";

const addressOf = (name) => `/consultations/${encodeURIComponent(name.split("/")[1])}`;
const asTime = (value) => `${value.slice(0, 16)}:00Z`;

/** One time on both clocks. */
const Slot = ({ slot }) => html`<b>${when(slot.from)}</b> – ${utc(slot.until)}${Object.entries(slot.local ?? {}).map(([p, at]) => html`<div class="small quiet">${p}: ${at}</div>`)}`;

function MeetingForm({ matter, close, agree, again }) {
  const call = (form) => {
    const times = agree ? [agree] : ["1", "2", "3"].filter((n) => form.get(`from-${n}`) && form.get(`until-${n}`)).map((n) => `${asTime(form.get(`from-${n}`))}/${asTime(form.get(`until-${n}`))}`);
    const options = { time: times, ...filled(form, ["place", "link", "languages"]), ...(form.get("agenda") ? { agenda: form.get("agenda").split("\n").filter(Boolean) } : {}), ...(form.get("delegate") ? { delegate: form.get("delegate").split("\n").filter(Boolean) } : {}) };
    return { words: [matter, ...(form.get("text") ? [form.get("text")] : [])], options };
  };
  return html`<${SendDialog} title=${agree ? _("This time suits us") : again ? _("Name other times") : _("Offer a meeting")} says=${_("A time that both name is confirmed. Times are in UTC.")} command="consult" call=${call} verb=${_("Send")} drafts close=${close}>
    ${!agree && ["1", "2", "3"].map((n) => html`<div class="fields field"><label><span>${_("From (UTC)")}</span><input type="datetime-local" name="from-${n}" required=${n === "1"} /></label><label><span>${_("Until (UTC)")}</span><input type="datetime-local" name="until-${n}" required=${n === "1"} /></label></div>`)}
    ${!agree && html`<${Line} name="place" label=${_("Room")} /><${Line} name="link" label=${_("Address on the network")} /><${Line} name="languages" label=${_("Languages")} hint="fr,ru" />
      <${Text} name="agenda" label=${_("Agenda, a line each: cases, and facts as CASE#0-3")} />`}
    <${Text} name="delegate" label=${_("Who comes from our side, a role a line")} /><${Text} /><//>`;
}

function Meetings({ data, own, act }) {
  const list = data.consultations ?? [];
  return html`<section class="panel" aria-labelledby="meetings"><header><h2 id="meetings">${_("Meetings")}</h2><span class="end buttons no-print"><button onClick=${() => act({ meeting: true, again: list.length > 0 })}>${list.length ? _("Name other times") : _("Offer a meeting")}</button>
      ${list.some((m) => !m.cancelled) && html`<button onClick=${() => act({ cancel: true })}>${_("Cancel the meeting")}</button>`}</span></header>
    ${list.length ? list.map((m) => html`<div class="in"><p>${m.cancelled ? html`<b>${_("cancelled")}</b>` : m.confirmed ? html`<b>${_("confirmed")}</b>: <${Slot} slot=${m.confirmed} />` : _("not confirmed yet")}</p>
      ${!m.confirmed && !m.cancelled && html`<ul>${m.times.map((s) => html`<li><${Slot} slot=${s} /> <span class="quiet">${_("suits {who}", { who: s.by.join(", ") })}</span>
        ${!s.by.includes(own) && html` <button onClick=${() => act({ meeting: true, agree: `${s.from}/${s.until}` })}>${_("This time suits us")}</button>`}</li>`)}</ul>`}
      <dl class="pairs">${[["place", _("Room")], ["link", _("Address on the network")], ["languages", _("Languages")]].filter(([k]) => m[k]).map(([k, says]) => html`<dt>${says}</dt><dd>${m[k]}</dd>`)}
        ${Object.entries(m).filter(([, v]) => v?.delegation?.length).map(([p, v]) => html`<dt>${p}</dt><dd>${v.delegation.map((d) => [d.name, d.role].filter(Boolean).join(", ")).join("; ")}</dd>`)}
        ${Object.values(m).flatMap((v) => v?.agenda ?? []).map((a) => html`<dt>${_("Agenda")}</dt><dd>${a}</dd>`)}</dl></div>`) : html`<p class="in quiet">${_("No meeting was offered.")}</p>`}</section>`;
}

const Words = ({ parts }) => parts.map((p) => (p.kind === "-" ? html`<del>${p.text}</del>` : p.kind === "+" ? html`<ins>${p.text}</ins>` : p.text));
const MARGIN = { same: () => _("as before"), changed: () => _("changed in all languages"), one: () => _("one language"), first: () => "" };

/** Paragraph by paragraph; what differs in one language alone has to be looked at before one signs. */
function Paragraphs({ rows, languages, seen, see }) {
  const nameOf = (l) => new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(l);
  return html`<section class="panel" aria-labelledby="text"><header><h2 id="text">${_("Text")}</h2><span class="quiet">${_("All languages are equally binding; one hash covers them.")}</span></header>
    <div class="paragraphs" ref=${(e) => e?.style.setProperty("--languages", languages.length)}>
      <div class="paragraph heads"><span></span>${languages.map((l) => html`<h3>${nameOf(l)}</h3>`)}<span></span></div>
      ${rows.map((r, i) => html`<div class="paragraph ${r.state}" id="p${i + 1}"><span class="small quiet">§${i + 1}</span>
        ${languages.map((l) => html`<p lang=${l}>${r.cells[l] ? html`<${Words} parts=${r.cells[l]} />` : html`<span class="quiet">${_("nothing in this language")}</span>`}</p>`)}
        <div class="margin">${r.state === "one" ? html`<b>! ${MARGIN.one()}</b><div class="small">${_("changed in {a} alone", { a: r.changed.map(nameOf).join(", ") })}</div>
          <label class="check"><input type="checkbox" checked=${seen.has(i)} onChange=${() => see(i)} /> ${_("seen")}</label>` : html`<span class=${r.state === "changed" ? "strong" : "quiet"}>${MARGIN[r.state]()}</span>`}</div></div>`)}
    </div></section>`;
}

const OUTCOMES = { agreed: ["=", () => _("agreed")], disputed: ["≠", () => _("disputed")], unverifiable: ["⋯", () => _("unverifiable")] };
function Outcomes({ list }) {
  return html`<section class="panel" aria-labelledby="outcomes"><header><h2 id="outcomes">${_("Outcome for each fact")}</h2></header>
    <table><tbody>${list.map((o) => html`<tr><td class="whole"><b aria-hidden="true">${OUTCOMES[o.word][0]}</b> ${OUTCOMES[o.word][1]()}</td><td>${o.rows}</td>
      <td>${o.says.map((s) => html`<div><b>${s.party}</b>: ${s.text}</div>`)}${o.why ?? ""}</td></tr>`)}</tbody></table></section>`;
}

function Undertakings({ list, kept, own, language }) {
  return html`<section class="panel" aria-labelledby="undertakings"><header><h2 id="undertakings">${_("Undertakings")}</h2><span class="end">${number(list.length)}</span></header>
    <table class="listed"><thead><tr><th scope="col">${_("Owner")}</th><th scope="col">${_("What")}</th><th scope="col">${_("By, UTC")}</th><th scope="col">${_("State")}</th></tr></thead>
    <tbody>${list.map((u) => html`<tr><td>${u.owner}<${Us} party=${u.owner.split("/")[0]} own=${own} /></td><td>${u.what[language] ?? Object.values(u.what)[0]}</td><td>${utc(u.due)}</td>
      <td>${word("undertaking", kept.find((k) => k.undertaking === u.number)?.state ?? "")}</td></tr>`)}</tbody></table></section>`;
}

function Signatures({ text, parties, own, signed }) {
  return html`<section class="panel" aria-labelledby="signatures"><header><h2 id="signatures">${_("Signatures")}</h2><span class="end mono">${text.text.slice(0, 12)}…</span></header>
    <div class="signatures">${parties.map((p) => {
      const by = signed.find((m) => m.party === p);
      return html`<div><b>${p}</b><${Us} party=${p} own=${own} /><br />${text.agreed_by.includes(p) ? (by ? _("signed {T}", { T: when(by.time) }) : _("signed")) : _("not signed")}<br /><span class="quiet">${by?.by ?? " "}</span></div>`;
    })}</div></section>`;
}

function MinutesForm({ matter, minutes, text, close }) {
  const languages = minutes ? Object.keys(minutes.texts) : ["fr", "ru"];
  const call = (form) => {
    const options = { text: ["en", "fr", "ru"].filter((l) => form.get(`text-${l}`)).map((l) => ({ content: form.get(`text-${l}`).replace(/\r\n/g, "\n"), language: l })), ...filled(form, ["agreed", "disputed", "unverifiable", "why"]) };
    if (form.get("says")) options.says = form.get("says").split("\n").filter(Boolean);
    if (form.get("undertaking")) options.undertaking = form.get("undertaking").split("\n").filter(Boolean);
    if (form.get("held")) options.held = asTime(form.get("held"));
    if (text) options.supersedes = text.text;
    return { words: [matter, ...(form.get("text") ? [form.get("text")] : [])], options };
  };
  const rows = (w) => minutes?.outcomes.filter((o) => o.word === w).map((o) => o.rows).join(",") ?? "";
  return html`<${SendDialog} title=${text ? _("Amend the text") : _("Offer a text")} says=${_("One text in each language; an empty line begins a paragraph.")} command="minutes" call=${call} verb=${_("Send")} drafts close=${close}>
    ${[...new Set([...languages, "en", "fr", "ru"])].filter((l) => ["en", "fr", "ru"].includes(l)).map((l) => html`<${Text} name="text-${l}" label=${_("Text, {l}", { l })} lang=${l}>${minutes?.texts[l] ?? ""}<//>`)}
    <${Line} name="held" type="datetime-local" label=${_("Held (UTC)")} value=${minutes?.held?.slice(0, 16) ?? ""} />
    <${Line} name="agreed" label=${_("Agreed facts, as 0-3,7 or all")} value=${rows("agreed")} /><${Line} name="disputed" label=${_("Disputed facts")} value=${rows("disputed")} />
    <${Text} name="says" label=${_("The wording of each party, as PARTY=WORDING, a line each")} /><${Line} name="unverifiable" label=${_("Facts that neither side can check")} value=${rows("unverifiable")} /><${Line} name="why" label=${_("Why they can't be checked")} value=${minutes?.outcomes.find((o) => o.why)?.why ?? ""} />
    <${Text} name="undertaking" label=${_("Undertakings, as PARTY DATE WHAT, a line each")} /><//>`;
}

function Settlement({ data, text, own, act }) {
  const { data: now, fault } = useApi("minutes", { words: [data.case, text.text], options: { read: true } }, false);
  const old = useApi("minutes", { words: [data.case, text.supersedes ?? text.text], options: { read: true } }, false).data;
  const [seen, setSeen] = useState(new Set());
  const minutes = now && readMinutes(now.text), before = text.supersedes && old ? readMinutes(old.text) : null;
  const rows = minutes ? compare(minutes.texts, before?.texts) : [], open = rows.flatMap((r, i) => (r.state === "one" && !seen.has(i) ? [i] : []));
  const mine = text.agreed_by.includes(own), maySign = !mine && !text.superseded && data.possible.includes("agree");
  useKeys({ e: () => minutes && act({ minutes, text }), ...(maySign && !open.length ? { s: () => act({ sign: text }) } : {}) }, [maySign, open.length, !!minutes]);
  if (!minutes) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const see = (i) => setSeen((s) => new Set(s.has(i) ? [...s].filter((x) => x !== i) : [...s, i]));
  const signed = data.messages.filter((m) => m.kind === "agree" && m.says?.settlement === text.text);
  return html`<div class="buttons no-print"><button onClick=${() => act({ minutes, text })}>${_("Amend the text")} <kbd>e</kbd></button>
      ${maySign && html`<button class="primary" disabled=${open.length > 0} onClick=${() => act({ sign: text })}>${_("Sign")} <kbd>s</kbd></button>`}
      ${open.length > 0 && maySign && html`<span class="quiet">${_("Signing is held until you have seen {list}: its languages differ.", { list: open.map((i) => `§${i + 1}`).join(", ") })}</span>`}</div>
    <${Paragraphs} rows=${rows} languages=${Object.keys(minutes.texts)} seen=${seen} see=${see} />
    ${minutes.outcomes.length > 0 && html`<${Outcomes} list=${minutes.outcomes} />`}
    <div class="halves"><${Undertakings} list=${minutes.undertakings} kept=${(data.undertakings ?? []).filter((u) => u.settlement === text.text)} own=${own} language=${document.documentElement.lang} />
      <${Signatures} text=${text} parties=${Object.keys(data.cut).sort((a) => (a === data.state.opener ? -1 : 1))} own=${own} signed=${signed} /></div>`;
}

function heading(text, own) {
  if (!text) return _("No text was offered yet.");
  if (text.agreed_by.length === 2) return _("The text is signed by both.");
  return text.agreed_by.includes(own) ? _("The text waits for the other side's signature or amendment.") : _("The text waits for our signature or our amendment.");
}

function Consultation({ session, id }) {
  const { data, fault } = useApi("show", { words: [id] });
  const [what, act] = useState(null), own = session.party;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const text = data.texts?.filter((t) => !t.superseded).at(-1), close = () => act(null);
  document.title = `${_("Consultation")} · ${data.title ?? ""} · parley desk`;
  return html`<${Trouble} fault=${fault} /><p><a href="/consultations">← ${_("Consultations")}</a></p>
    <div class="head"><div><p class="small quiet">${_("Consultation of the case")} <a href=${caseAddress(data.case)}>${data.title}</a>${Object.values(data.numbers).map((n) => ` · ${n}`)}</p><h1>${heading(text, own)}</h1></div><${Tlp} level=${data.state.tlp} /></div>
    <div class="stack"><${Meetings} data=${data} own=${own} act=${act} />
      ${text ? html`<${Settlement} key=${text.text} data=${data} text=${text} own=${own} act=${act} />` : data.possible.includes("minutes") && html`<p class="buttons"><button onClick=${() => act({ minutes: null, offer: true })}>${_("Offer a text")}</button></p>`}</div>
    ${what?.meeting && html`<${MeetingForm} matter=${data.case} agree=${what.agree} again=${what.again} close=${close} />`}
    ${what?.cancel && html`<${SendDialog} title=${_("Cancel the meeting")} command="consult" verb=${_("Send")} close=${close} call=${(f) => ({ words: [data.case, ...(f.get("text") ? [f.get("text")] : [])], options: { cancel: true } })}><${Text} /><//>`}
    ${(what?.minutes || what?.offer) && html`<${MinutesForm} matter=${data.case} minutes=${what.minutes} text=${what.text} close=${close} />`}
    ${what?.sign && html`<${SendDialog} title=${_("Sign the text")} says=${_("You sign these bytes, in all their languages: {hash}", { hash: what.sign.text })} command="agree" verb=${_("Sign")} close=${close} call=${() => ({ words: [data.case, what.sign.text], options: { yes: true } })} />`}`;
}

/** A row of the list asks for its own case: meetings stand in cases alone. */
function Row({ c, own }) {
  const { data } = useApi("show", { words: [c.case] });
  const meeting = data?.consultations?.filter((m) => !m.cancelled).at(-1), text = data?.texts?.filter((t) => !t.superseded).at(-1);
  return html`<tr><td><a class="strong" href=${addressOf(c.case)}>${titled(c)}</a><div class="small quiet">${Object.values(c.numbers).join(" · ")}</div></td><td>${c.with}</td>
    <td>${meeting ? (meeting.confirmed ? html`<${Slot} slot=${meeting.confirmed} />` : _("not confirmed yet")) : "–"}</td>
    <td>${data ? heading(text, own) : _("One moment …")}</td></tr>`;
}

async function calendar() {
  const { api } = await import("../api.js");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await api("calendar"));
  link.download = "parley.ics";
  link.click();
}

const SHOWN = 20;
export function Consultations({ session, place }) {
  const { data, fault } = useApi("cases", { options: { brief: true } });
  if (place.path[1]) return html`<${Consultation} session=${session} id=${place.path[1]} />`;
  document.title = `${_("Consultations")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const list = data.filter((c) => c.state.joint).sort((a, b) => b.opened.localeCompare(a.opened));
  return html`<${Trouble} fault=${fault} /><div class="head"><div><h1>${_n("{n} case is talked about together.", "{n} cases are talked about together.", list.length)}</h1>
      <p class="quiet">${_("A meeting is offered on the page of its case's consultation.")}</p></div><div class="buttons no-print"><button onClick=${calendar}>${_("Save for a calendar (.ics)")}</button></div></div>
    <div class="stack"><section class="panel" aria-label=${_("Consultations")}><table class="listed"><thead><tr><th scope="col">${_("Case")}</th><th scope="col">${_("With")}</th><th scope="col">${_("Meeting")}</th><th scope="col">${_("Text")}</th></tr></thead>
      <tbody>${list.slice(0, SHOWN).map((c) => html`<${Row} key=${c.case} c=${c} own=${session.party} />`)}
        ${list.slice(SHOWN).map((c) => html`<tr><td colspan="4"><a href=${addressOf(c.case)}>${titled(c)}</a></td></tr>`)}</tbody></table></section>
      <section class="panel" aria-labelledby="others"><header><h2 id="others">${_("Begin one")}</h2></header><ul class="in">${data.filter((c) => !c.state.joint && (c.kind === "claim" || c.kind === "inquiry")).slice(0, SHOWN).map((c) => html`<li><a href=${addressOf(c.case)}>${titled(c)}</a></li>`)}</ul></section></div>`;
}
