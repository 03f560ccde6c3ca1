// Meetings on cases, and the text that both sign: two languages side by side, one hash.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { caseAddress, titled } from "../cases.js";
import { _, _n } from "../i18n.js";
import { useFirst } from "../first.js";
import { useApi, useNow } from "../live.js";
import { saveCalendar } from "../save.js";
import { Tlp, Trouble, Waiting } from "../parts.js";
import { asTime, filled, Line, SendDialog, Text } from "../sending.js";
import { MinutesForm, Settlement } from "./settlement.js";
import { utc, when } from "../time.js";

const addressOf = (name) => `/consultations/${encodeURIComponent(name.split("/")[1])}`;

/** One time on both clocks. */
const Slot = ({ slot }) =>
  html`<b>${when(slot.from)}</b> – ${utc(slot.until)}${Object.entries(slot.local ?? {}).map(([p, at]) => html`<div class="small quiet">${p}: ${at}</div>`)}`;

function MeetingForm({ matter, close, agree, again }) {
  const call = (form) => {
    const times = agree
      ? [agree]
      : ["1", "2", "3"]
          .filter((n) => form.get(`from-${n}`) && form.get(`until-${n}`))
          .map((n) => `${asTime(form.get(`from-${n}`))}/${asTime(form.get(`until-${n}`))}`);
    const options = {
      time: times,
      ...filled(form, ["place", "link", "languages"]),
      ...(form.get("agenda") ? { agenda: form.get("agenda").split("\n").filter(Boolean) } : {}),
      ...(form.get("delegate") ? { delegate: form.get("delegate").split("\n").filter(Boolean) } : {}),
    };
    return { words: [matter, ...(form.get("text") ? [form.get("text")] : [])], options };
  };
  return html`<${SendDialog} title=${agree ? _("This time suits us") : again ? _("Name other times") : _("Offer a meeting")} says=${_("A time that both name is confirmed. Times are in UTC.")} command="consult" call=${call} verb=${_("Send")} drafts close=${close}>
    ${!agree && ["1", "2", "3"].map((n) => html`<div class="fields field"><label><span>${_("From (UTC)")}</span><input type="datetime-local" name="from-${n}" required=${n === "1"} /></label><label><span>${_("Until (UTC)")}</span><input type="datetime-local" name="until-${n}" required=${n === "1"} /></label></div>`)}
    ${
      !agree &&
      html`<${Line} name="place" label=${_("Room")} /><${Line} name="link" label=${_("Address on the network")} /><${Line} name="languages" label=${_("Languages")} hint="fr,ru" />
      <${Text} name="agenda" label=${_("Agenda, a line each: cases, and facts as CASE#0-3")} />`
    }
    <${Text} name="delegate" label=${_("Who comes from our side, a role a line")} /><${Text} /><//>`;
}

function Meetings({ data, own, act }) {
  const list = data.consultations ?? [];
  return html`<section class="panel" aria-labelledby="meetings"><header><h2 id="meetings">${_("Meetings")}</h2><span class="end buttons no-print"><button onClick=${() => act({ meeting: true, again: list.length > 0 })}>${list.length ? _("Name other times") : _("Offer a meeting")}</button>
      ${list.some((m) => !m.cancelled) && html`<button onClick=${() => act({ cancel: true })}>${_("Cancel the meeting")}</button>`}</span></header>
    ${
      list.length
        ? list.map(
            (
              m,
            ) => html`<div class="in"><p>${m.cancelled ? html`<b>${_("cancelled")}</b>` : m.confirmed ? html`<b>${_("time confirmed")}</b>: <${Slot} slot=${m.confirmed} />` : _("not confirmed yet")}</p>
      ${
        !m.confirmed &&
        !m.cancelled &&
        html`<ul>${m.times.map(
          (s) => html`<li><${Slot} slot=${s} /> <span class="quiet">${_("suits {who}", { who: s.by.join(", ") })}</span>
        ${!s.by.includes(own) && html` <button onClick=${() => act({ meeting: true, agree: `${s.from}/${s.until}` })}>${_("This time suits us")}</button>`}</li>`,
        )}</ul>`
      }
      <dl class="pairs">${[
        ["place", _("Room")],
        ["link", _("Address on the network")],
        ["languages", _("Languages")],
      ]
        .filter(([k]) => m[k])
        .map(([k, says]) => html`<dt>${says}</dt><dd>${m[k]}</dd>`)}
        ${Object.entries(m)
          .filter(([, v]) => v?.delegation?.length)
          .map(([p, v]) => html`<dt>${p}</dt><dd>${v.delegation.map((d) => [d.name, d.role].filter(Boolean).join(", ")).join("; ")}</dd>`)}
        ${Object.values(m)
          .flatMap((v) => v?.agenda ?? [])
          .map((a) => html`<dt>${_("Agenda")}</dt><dd>${a}</dd>`)}</dl></div>`,
          )
        : html`<p class="in quiet">${_("No meeting was offered.")}</p>`
    }</section>`;
}

function heading(text, own) {
  if (!text) return _("No text was offered yet.");
  if (text.agreed_by.length === 2) return _("The text is signed by both.");
  return text.agreed_by.includes(own)
    ? _("The text waits for the other side's signature or amendment.")
    : _("The text waits for our signature or our amendment.");
}

function Consultation({ session, id }) {
  const { data, fault } = useApi("show", { words: [id], options: { columns: true } });
  const [what, act] = useState(null),
    own = session.party;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const text = data.texts?.filter((t) => !t.superseded).at(-1),
    close = () => act(null);
  document.title = `${_("Consultation")} · ${data.title ?? ""} · parley desk`;
  return html`<${Trouble} fault=${fault} /><p><a href="/consultations">← ${_("Consultations")}</a></p>
    <div class="head"><div><p class="small quiet">${_("Consultation of the case")} <a href=${caseAddress(data.case)}>${data.title}</a>${Object.values(data.numbers).map((n) => ` · ${n}`)}</p><h1>${heading(text, own)}</h1></div><${Tlp} level=${data.state.tlp} /></div>
    <div class="stack"><${Meetings} data=${data} own=${own} act=${act} />
      ${text ? html`<${Settlement} key=${text.text} data=${data} text=${text} own=${own} act=${act} address=${caseAddress(data.case)} />` : data.possible.includes("minutes") && html`<p class="buttons"><button onClick=${() => act({ minutes: null, offer: true })}>${_("Offer a text")}</button></p>`}</div>
    ${what?.meeting && html`<${MeetingForm} matter=${data.case} agree=${what.agree} again=${what.again} close=${close} />`}
    ${what?.cancel && html`<${SendDialog} title=${_("Cancel the meeting")} command="consult" verb=${_("Send")} close=${close} call=${(f) => ({ words: [data.case, ...(f.get("text") ? [f.get("text")] : [])], options: { cancel: true } })}><${Text} /><//>`}
    ${(what?.minutes || what?.offer) && html`<${MinutesForm} matter=${data.case} minutes=${what.minutes} text=${what.text} close=${close} />`}
    ${what?.sign && html`<${SendDialog} title=${_("Sign the text")} says=${_("You sign these bytes, in all their languages: {hash}", { hash: what.sign.text })} command="agree" verb=${_("Sign")} close=${close} call=${() => ({ words: [data.case, what.sign.text], options: { yes: true } })} />`}`;
}

function Row({ c, own }) {
  const meeting = c.consultations.filter((m) => !m.cancelled).at(-1),
    text = c.texts.filter((t) => !t.superseded).at(-1);
  return html`<tr><td><a class="strong" href=${addressOf(c.case)}><bdi class="clamp">${c.title ?? c.case}</bdi></a><div class="small quiet">${Object.values(c.numbers).join(" · ")}</div></td><td>${c.with}</td>
    <td>${meeting ? (meeting.confirmed ? html`<${Slot} slot=${meeting.confirmed} />` : _("not confirmed yet")) : "–"}</td>
    <td>${heading(text, own)}</td><td class="number"><${Tlp} level=${c.tlp} /></td></tr>`;
}

/** When the next meeting is that both have confirmed. */
const nextOf = (list, now) =>
  list
    .flatMap((c) => c.consultations)
    .filter((m) => m.confirmed && !m.cancelled && Date.parse(m.confirmed.until) > now)
    .map((m) => m.confirmed.from)
    .sort()[0];

export function Consultations({ session, place }) {
  const now = useNow();
  const { data, fault } = useApi(place.path[1] ? null : "consult");
  const { newest } = useFirst();
  if (place.path[1]) return html`<${Consultation} session=${session} id=${place.path[1]} />`;
  document.title = `${_("Consultations")} · parley desk`;
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  const list = [...data].reverse(),
    next = nextOf(list, now),
    talked = new Set(list.map((c) => c.case));
  const others = newest.filter((c) => !talked.has(c.case) && (c.kind === "claim" || c.kind === "inquiry")).slice(0, 20);
  return html`<${Trouble} fault=${fault} /><div class="head"><div><h1>${_n("{n} case is talked about together.", "{n} cases are talked about together.", list.length)} ${next ? _("The next meeting is {T}.", { T: when(next) }) : ""}</h1>
      <p class="quiet">${_("A meeting is offered on the page of its case's consultation.")}</p></div><div class="buttons no-print"><button onClick=${saveCalendar}>${_("Save for a calendar (.ics)")}</button></div></div>
    <div class="stack">${
      list.length > 0 &&
      html`<section class="panel" aria-label=${_("Consultations")}><table class="listed"><thead><tr><th scope="col">${_("Case")}</th><th scope="col">${_("With")}</th><th scope="col">${_("Meeting")}</th><th scope="col">${_("Text")}</th><th scope="col" class="number">${_("Handling")}</th></tr></thead>
      <tbody>${list.map((c) => html`<${Row} key=${c.case} c=${c} own=${session.party} />`)}</tbody></table></section>`
    }
      ${others.length > 0 && html`<section class="panel" aria-labelledby="others"><header><h2 id="others">${_("Begin one")}</h2></header><ul class="in">${others.map((c) => html`<li><a href=${addressOf(c.case)}><bdi class="text">${titled(c)}</bdi></a></li>`)}</ul></section>`}</div>`;
}
