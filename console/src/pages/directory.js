// Whom to ask: departments of the other sides, when they are there, whom to call, and whether they still answer.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Strip, stripOf } from "../hours.js";
import { _, _n, word } from "../i18n.js";
import { useApi, useNow } from "../live.js";
import { Trouble, Waiting } from "../parts.js";
import { setQuery } from "../router.js";
import { filled, Line, SendDialog, Text, useRun, WordField } from "../sending.js";
import { span, when } from "../time.js";

function Route() {
  const { run, why, busy } = useRun();
  const [found, setFound] = useState(null);
  const ask = async (event) => {
    event.preventDefault();
    const said = await run("route", { options: filled(new FormData(event.target), ["source", "destination", "object", "event"]) });
    setFound(said?.parties ?? null);
  };
  return html`<section class="panel" aria-labelledby="route"><header><h2 id="route">${_("Route a fact")}</h2><span class="quiet">${_("Which department it belongs to, by what each card says.")}</span></header>
    <div class="in"><form class="fields" onSubmit=${ask}>
      <label><span>${_("Source address")}</span><input name="source" /></label><label><span>${_("Destination address")}</span><input name="destination" /></label>
      <label><span>${_("Object, as domain:mail.example")}</span><input name="object" /></label><label><span>${_("Event, as brute-force")}</span><input name="event" /></label>
      <div class="low"><button disabled=${busy}>${_("Route")}</button></div></form>
      ${why && html`<p class="attn field" role="alert">${why}</p>`}
      ${
        found &&
        html`<ul class="field" role="status">${found.map((p) =>
          p.routes.map(
            (r) => html`<li><b>${p.party}</b>: ${r.department ? `${r.title ?? ""} (${r.department})` : _("none is named")}
        ${r.reasons.length ? html`<span class="quiet"> · ${r.reasons.map((x) => x.remit).join(", ")}</span>` : html`<span class="quiet"> · ${_("no remit of theirs fits it")}</span>`}</li>`,
          ),
        )}
        ${!found.length && html`<li>${_("There is no channel yet.")}</li>`}</ul>`
      }</div></section>`;
}

function Department({ d, now }) {
  const strip = stripOf(d.hours);
  return html`<div class="department"><h3>${d.title} <span class="quiet">(${d.id})</span></h3>
    <dl class="pairs">
      ${d.now && html`<dt>${_("Now")}</dt><dd><b>${d.now.open ? _("open") : _("closed")}</b>${d.now.changes_at && ` · ${d.now.open ? _("closes {T}", { T: when(d.now.changes_at) }) : _("opens {T}", { T: when(d.now.changes_at) })}`}</dd>`}
      <dt>${_("Remit")}</dt><dd>${d.remit.length ? d.remit.join(", ") : html`<span class="quiet">${_("nothing stated")}</span>`}</dd>
      <dt>${_("Languages")}</dt><dd>${d.languages.join(", ") || html`<span class="quiet">${_("nothing stated")}</span>`}</dd>
      <dt>${_("Hours")}</dt><dd>${d.hours.length ? d.hours.map((h) => html`<div>${h}</div>`) : html`<span class="quiet">${_("nothing stated")}</span>`}</dd>
      ${d.holidays.length > 0 && html`<dt>${_("Closed")}</dt><dd>${d.holidays.map((h) => html`<div>${h}</div>`)}</dd>`}
    </dl>
    ${strip && html`<${Strip} strip=${strip} now=${now} />`}</div>`;
}

function Contacts({ data, fault }) {
  if (!data) return html`<p class="in quiet">${fault ? fault.message : _("One moment …")}</p>`;
  return html`<table class="listed"><thead><tr><th scope="col">${_("Name")}</th><th scope="col">${_("For")}</th><th scope="col">${_("Telephone")}</th><th scope="col">${_("Mail")}</th><th scope="col">${_("Hours, languages")}</th></tr></thead>
    <tbody>${data.contacts.map(
      (
        c,
      ) => html`<tr><td><b>${c.name}</b>${c.on_duty && html` <span class="us">${_("on duty")}</span>`}<div class="small quiet">${[c.role, c.department].filter(Boolean).join(", ")}</div></td>
      <td>${c.point ? word("contact", c.point) : ""}</td><td>${c.phone && html`<a href="tel:${c.phone.replace(/[^+0-9]/g, "")}">${c.phone}</a>`}</td><td>${c.mail}</td>
      <td>${[c.hours, c.languages].filter(Boolean).join("; ")}${c.note && html`<div class="small quiet">${c.note}</div>`}</td></tr>`,
    )}</tbody></table>
    <p class="in small quiet">${_("Named {T} by {by}.", { T: when(data.time), by: data.by })}</p>`;
}

function CheckIns({ check, peer, now, act }) {
  if (!check) return null;
  const ago = (s) => _("{d} ago", { d: span(s * 1000) });
  return html`<dl class="pairs in">
    <dt>${_("Node")}</dt><dd>${peer.contacted_at ? ago((now - Date.parse(peer.contacted_at)) / 1000) : _("never")}${peer.trouble && html` <span class="attn">${peer.trouble}</span>`}</dd>
    <dt>${_("Person")}</dt><dd>${check.age_s === undefined ? _("never") : ago(check.age_s)}${check.stale ? html` <b class="attn">${_("longer ago than agreed")}</b>` : ""}</dd>
    ${check.every_hours && html`<dt>${_("Agreed")}</dt><dd>${_("every {d}", { d: span(check.every_hours * 3600000) })}</dd>`}
    ${check.asked_at && html`<dt>${_("Last asked by us")}</dt><dd>${when(check.asked_at)}${check.person_latency_s !== undefined ? ` · ${_("a person answered after {d}", { d: span(check.person_latency_s * 1000) })}` : ` · ${_("no person has answered yet")}`}</dd>`}
    ${check.due_at && html`<dt>${_("Our next")}</dt><dd>${when(check.due_at)}</dd>`}
    </dl><p class="buttons in no-print">${check.waiting && html`<button class="primary" onClick=${() => act("answer")}>${_("Answer their check-in")}</button>`}
      <button onClick=${() => act("ask")}>${_("Ask whether they answer")}</button></p>`;
}

function Acting({ what, party, check, close }) {
  const words = (form) => [party, ...(form.get("text") ? [form.get("text")] : [])];
  if (what === "contact")
    return html`<${SendDialog} title=${_("Tell {P} whom to call", { P: party })} command="contacts" drafts close=${close} verb=${_("Send")}
      call=${(f) => ({ words: [party], options: filled(f, ["name", "role", "phone", "mail", "hours", "languages", "point"]) })}>
      <${Line} name="name" label=${_("Name")} required /><${Line} name="role" label=${_("Role")} />
      <${WordField} command="contacts" option="point" list="contact" label=${_("For")} empty />
      <${Line} name="phone" label=${_("Telephone")} /><${Line} name="mail" label=${_("Mail")} /><${Line} name="hours" label=${_("Hours")} /><${Line} name="languages" label=${_("Languages")} hint="en,fr" /><//>`;
  return html`<${SendDialog} title=${what === "ask" ? _("Ask whether they answer") : _("Answer their check-in")} says=${_("A node answers by itself; a person's answer is another one.")}
    command="check-in" close=${close} verb=${_("Send")} call=${(f) => ({ words: words(f), options: what === "answer" ? { answer: check.waiting } : {} })}><${Text} /><//>`;
}

function Party({ peer, check, now, on }) {
  const [what, act] = useState(null);
  const party = peer.party;
  const { data: card, fault } = useApi("card", { words: ["show", party], options: on ? { on } : {} });
  const { data: contacts, fault: none } = useApi("contacts", { words: [party] });
  const shown = card?.cards ? card.cards.at(-1)?.card : card;
  return html`<section class="panel" aria-labelledby="party"><header><h2 id="party">${party}${peer.drill ? _(" (drill)") : ""}</h2>
      <span class="end"><label class="inline">${_("As of")} <input type="date" value=${on ?? ""} onChange=${(e) => setQuery({ on: e.target.value })} /></label></span></header>
      <div class="in">${on && html`<p class="note">${_("You see who was competent on {D}, by the card in force then.", { D: on })} <button class="link" onClick=${() => setQuery({ on: null })}>${_("Now")}</button></p>`}
        ${shown ? shown.departments.map((d) => html`<${Department} d=${d} now=${now} />`) : fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`}</div></section>
    <section class="panel" aria-labelledby="contacts"><header><h2 id="contacts">${_("Contacts")}</h2><span class="end"><button class="link no-print" onClick=${() => act("contact")}>${_("Tell them ours")}</button></span></header>
      <${Contacts} data=${contacts} fault=${none} /></section>
    <section class="panel" aria-labelledby="check-ins"><header><h2 id="check-ins">${_("Last answers")}</h2><span class="quiet">${_("A node that answers is not a person who answers.")}</span></header><${CheckIns} check=${check} peer=${peer} now=${now} act=${act} /></section>
    <section class="panel" aria-labelledby="root"><header><h2 id="root">${_("Fingerprint of their root key")}</h2></header><p class="in"><span class="mono">${peer.fingerprint ?? _("not known yet")}</span><br />
      <a href="/fingerprint/${party}">${_("Compare the safety number")}</a></p></section>
    ${what && html`<${Acting} what=${what} party=${party} check=${check} close=${() => act(null)} />`}`;
}

export function Directory({ place }) {
  const now = useNow(),
    on = place.query.get("on");
  const { data, fault } = useApi("peers");
  const { data: checks } = useApi("check-in");
  document.title = `${_("Directory")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const peers = data.peers.filter((p, i) => data.peers.findLastIndex((o) => o.party === p.party && o.drill === p.drill) === i);
  const peer = peers.find((p) => p.party === place.path[1]) ?? peers[0];
  const stale = (checks?.channels ?? []).filter((c) => c.stale).length,
    waiting = (checks?.channels ?? []).filter((c) => c.waiting).length;
  return html`<${Trouble} fault=${fault} />
    <div class="head"><div><h1>${_n("There is a channel with {n} party.", "There are channels with {n} parties.", peers.length)}</h1>
      <p class="quiet">${stale ? _n("{n} of them has not answered for longer than agreed.", "{n} of them have not answered for longer than agreed.", stale) : _("None is known to be silent for longer than agreed.")}
        ${waiting ? ` ${_n("{n} check-in waits for our answer.", "{n} check-ins wait for our answer.", waiting)}` : ""}</p></div>
      <div class="buttons no-print"><a class="button" href="/fingerprint">${_("Open a channel")}</a></div></div>
    <div class="stack"><${Route} />
      ${peers.length > 1 && html`<nav class="chips" aria-label=${_("Parties")}>${peers.map((p) => html`<a class="button chip" href="/directory/${p.party}" aria-current=${p === peer ? "true" : undefined}>${p.party}${p.drill ? _(" (drill)") : ""}</a>`)}</nav>`}
      ${peer && html`<${Party} key=${peer.party} peer=${peer} check=${checks?.channels.find((c) => c.party === peer.party)} now=${now} on=${on} />`}</div>`;
}
