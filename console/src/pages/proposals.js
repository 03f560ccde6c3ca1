// What was offered, either way, and what became of it; one offer with its terms, old beside new.
import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { caseAddress } from "../cases.js";
import { _, _n, number, word } from "../i18n.js";
import { Key, useKeys } from "../keys.js";
import { useApi, useNow } from "../live.js";
import { Clock, Trouble, Us, Waiting } from "../parts.js";
import { go } from "../router.js";
import { asTime, filled, Line, SendDialog, Sending, Text, WordField } from "../sending.js";
import { utc, when } from "../time.js";

const ABOUT = {
  dialogue: () => _("to open the dialogue"),
  terms: () => _("terms of the channel"),
  statement: () => _("a joint statement"),
};
const about = (o) => o.title || ABOUT[o.about]?.() || o.about;
const partyOf = (o) => o.from.split("/")[0];

/** Every term: its member, its words, its option, and how its number is typed. */
const TERMS = [
  ["acknowledge_within_hours", () => _("hours to acknowledge"), "acknowledge-within", "h"],
  ["answer_within_hours", () => _("hours to answer"), "answer-within", "h"],
  ["check_in_every_hours", () => _("hours between check-ins"), "check-in-every", "h"],
  ["blob_bytes_max", () => _("bytes of a blob at most"), "blob-bytes"],
  ["total_bytes_max", () => _("bytes of all blobs at most"), "total-bytes"],
  ["window_entries", () => _("entries beyond the last receipt at most"), "window"],
  ["retain_days", () => _("days of retention"), "retain", "d"],
  ["witnesses", () => _("witness")],
  ["quorum", () => _("quorum of the witnesses"), "quorum"],
  ["no_press", () => _("no press before both agree")],
];
const isStanding = (o, now) => o.state === "offered" && !o.withdrawn && !(o.until && Date.parse(o.until) < now);
const stateOf = (o) => (o.state === "offered" && o.withdrawn ? "withdrawn" : o.state);

function State({ o }) {
  const reason = o.state === "declined" && o.reply?.reason;
  return html`<b>${word("state", stateOf(o))}</b>${reason && html`<div class="small quiet">${word("decline", reason)}</div>`}
    ${o.no_reply_since && html`<div class="small quiet">${_("no reply since {T}", { T: utc(o.no_reply_since) })}</div>`}`;
}

function Offers({ list, own, now }) {
  const [current, setCurrent] = useState(0);
  useKeys(
    {
      j: () => setCurrent((i) => Math.min(i + 1, list.length - 1)),
      k: () => setCurrent((i) => Math.max(i - 1, 0)),
      Enter: () => list[current] && go(`/proposals/${list[current].id}`),
    },
    [current, list.length],
  );
  return html`<section class="panel" aria-label=${_("Proposals")}>
    <table class="listed"><thead><tr><th scope="col">${_("What")}</th><th scope="col">${_("Offered by")}</th><th scope="col">${_("To")}</th>
      <th scope="col">${_("When, UTC")}</th><th scope="col">${_("State")}</th><th scope="col">${_("Clock")}</th></tr></thead>
    <tbody>${list.map(
      (o, i) => html`<tr class=${i === current ? "current" : ""}>
      <td><a class="strong" href="/proposals/${o.id}">${about(o)}</a>${o.title && html`<div class="small quiet">${ABOUT[o.about]?.()}</div>`}</td>
      <td data-head=${_("Offered by")}>${partyOf(o)}<${Us} party=${partyOf(o)} own=${own} /></td><td data-head=${_("To")}>${o.to.split("/")[0]}</td>
      <td data-head=${_("When, UTC")}>${utc(o.time)}</td><td><${State} o=${o} /></td>
      <td>${isStanding(o, now) && o.until ? html`<${Clock} since=${o.time} due=${o.until} now=${now} lapsed=${false} />` : ""}</td></tr>`,
    )}</tbody></table>
  </section>`;
}

const shown = (name, value) => {
  if (value === undefined || value === null) return "–";
  if (Array.isArray(value)) return value.length ? value.join(", ") : "–";
  if (typeof value === "boolean") return value ? _("yes") : "–";
  return number(value);
};

/** Each term, with what it takes the place of: of the offer that this one counters, else of what is in force. */
function Terms({ offer, before, title }) {
  const rows = TERMS.filter(([name]) => shown(name, offer.terms[name]) !== "–" || shown(name, before?.[name]) !== "–");
  return html`<section class="panel" aria-labelledby="terms"><header><h2 id="terms">${_("Terms")}</h2><span class="quiet">${title}</span></header>
    <table><thead><tr><th scope="col">${_("Term")}</th><th scope="col" class="number">${_("Old")}</th><th scope="col" class="number">${_("New")}</th></tr></thead>
    <tbody>${rows.map(([name, says]) => {
      const [was, is] = [shown(name, before?.[name]), shown(name, offer.terms[name])];
      return html`<tr><th scope="row">${says()}</th><td class="number">${before && was !== is ? html`<del>${was}</del>` : was}</td>
        <td class="number">${before && was !== is ? html`<ins>${is}</ins>` : is}</td></tr>`;
    })}</tbody></table></section>`;
}

/** The fields of an offer: its terms, a text for each language, and until when it stands. */
function OfferFields({ terms = {} }) {
  return html`<fieldset class="field"><legend>${_("Terms")}</legend><div class="fields">
      ${TERMS.filter((t) => t[2]).map(([name, says, option]) => html`<label><span>${says()}</span><input type="number" min="0" name=${option} value=${terms[name] ?? ""} /></label>`)}
      <label class="check"><input type="checkbox" name="no-press" checked=${!!terms.no_press} /> ${_("no press before both agree")}</label>
    </div></fieldset>
    <${Line} name="until" label=${_("The offer stands until (UTC)")} type="datetime-local" />`;
}
function offered(form, terms = {}) {
  const options = filled(form, ["title", "about"]);
  for (const [, , option, unit] of TERMS.filter((t) => t[2]))
    if (form.get(option)) options[option] = unit ? form.get(option) + unit : Number(form.get(option));
  if (form.get("no-press")) options["no-press"] = true;
  if (terms.witnesses?.length) options.witness = terms.witnesses;
  if (form.get("until")) options.until = asTime(form.get("until"));
  return options;
}

function Replying({ offer, how, close }) {
  const call = (form) => {
    const text = form.get("text");
    const options = {
      offer: offer.id,
      ...(how === "counter" ? { ...(offer.title ? { title: offer.title } : {}), ...offered(form, offer.terms) } : filled(form, ["reason"])),
    };
    return { words: [offer.case, how, ...(text ? [text] : [])], options };
  };
  const TITLE = { accept: () => _("Accept the offer"), decline: () => _("Decline the offer"), counter: () => _("Offer something else") };
  const SAYS = {
    accept: () => _("What is offered holds for both sides from then on."),
    counter: () => _("Another offer takes the place of this one. Terms that are left empty are not part of it."),
  };
  return html`<${SendDialog} title=${TITLE[how]()} says=${SAYS[how]?.()} command="reply" call=${call} verb=${_("Send")} drafts close=${close}>
    ${how === "decline" && html`<${WordField} command="reply" option="reason" list="decline" label=${_("Reason")} />`}
    ${how === "counter" && html`<${OfferFields} terms=${offer.terms} />`}
    <${Text} />
  <//>`;
}

function Offer({ offer, all, inForce, own, now }) {
  const [how, setHow] = useState(null);
  const from = partyOf(offer),
    countered = all.find((o) => o.id === offer.counters);
  const current = inForce?.find((t) => t.with === offer.with && !!t.drill === !!offer.drill);
  const before = countered?.terms ?? (current?.offer !== offer.id ? current?.terms : null);
  const mayReply = from !== own && isStanding(offer, now);
  useKeys(mayReply ? { a: () => setHow("accept"), d: () => setHow("decline"), o: () => setHow("counter") } : {}, [mayReply]);
  useKeys({ Escape: () => go("/proposals") });
  document.title = `${about(offer)} · parley desk`;
  return html`<p><a href="/proposals">← ${_("Proposals")}</a></p>
    <div class="head"><div><p class="small quiet">${ABOUT[offer.about]?.()} · ${_("offered {T}", { T: when(offer.time) })} · <a href=${caseAddress(offer.case)}>${_("the case")}</a></p>
      <h1>${about(offer)}</h1></div><div><${State} o=${offer} />${isStanding(offer, now) && offer.until && html`<${Clock} since=${offer.time} due=${offer.until} now=${now} lapsed=${false} />`}</div></div>
    <div class="sides two"><div><span class="small quiet">${_("Offered by")}</span><br /><b>${from}</b> (${offer.by})<${Us} party=${from} own=${own} /></div>
      <div><span class="small quiet">${_("To")}</span><br /><b>${offer.to}</b><${Us} party=${offer.to.split("/")[0]} own=${own} /></div></div>
    <div class="stack">
      ${
        mayReply &&
        html`<div class="buttons"><button class="primary" onClick=${() => setHow("accept")}>${_("Accept")} <${Key} name="a" /></button>
        <button onClick=${() => setHow("decline")}>${_("Decline")} <${Key} name="d" /></button>
        <button onClick=${() => setHow("counter")}>${_("Offer something else")} <${Key} name="o" /></button></div>`
      }
      ${offer.text && html`<p class="said">${offer.text}</p>`}
      ${offer.statement && html`<section class="panel" aria-labelledby="statement"><header><h2 id="statement">${_("Joint statement")}</h2></header><p class="in said">${offer.statement}</p></section>`}
      ${offer.terms && html`<${Terms} offer=${offer} before=${before} title=${countered ? _("beside the offer of {P} that it takes the place of", { P: partyOf(countered) }) : before ? _("beside what is in force") : current?.offer === offer.id ? _("in force") : _("no terms are in force")} />`}
      ${
        offer.reply &&
        html`<section class="panel" aria-labelledby="reply"><header><h2 id="reply">${_("Reply")}</h2><span class="quiet">${offer.reply.from} (${offer.reply.by}), ${when(offer.reply.time)}</span></header>
        <p class="in"><b>${word("state", { accept: "accepted", decline: "declined", counter: "countered" }[offer.reply.reply])}</b>
          ${offer.reply.reply === "counter" && html` · <a href="/proposals/${offer.reply.id}">${_("the offer that takes its place")}</a>`}
          ${offer.reply.text && html`<br />${offer.reply.text}`}</p></section>`
      }
    </div>
    ${how && html`<${Replying} offer=${offer} how=${how} close=${() => setHow(null)} />`}`;
}

function Propose({ channels }) {
  const [kind, setKind] = useState("terms");
  const parties = [...new Set(channels.filter((c) => c.state === "open" && !c.drill).map((c) => c.party))];
  const call = (form) => {
    const options = { ...(kind === "terms" ? offered(form) : filled(form, ["title"])), about: kind };
    if (kind === "statement") options.statement = [{ content: form.get("statement") }];
    const text = form.get("text");
    return { words: [form.getAll("to").join(","), ...(text ? [text] : [])], options };
  };
  document.title = `${_("Propose")} · parley desk`;
  return html`<p><a href="/proposals">← ${_("Proposals")}</a></p><h1>${_("Propose")}</h1>
    <p class="quiet">${_("One proposal to several is a case in each channel; none of them tells who else was asked.")}</p>
    <section class="panel in form">
    <${Sending} command="propose" call=${call} verb=${_("Send")} drafts done=${() => go("/proposals")}>
      <fieldset class="field"><legend>${_("To")}</legend>${parties.map((p) => html`<label class="check"><input type="checkbox" name="to" value=${p} checked=${parties.length === 1} /> ${p}</label>`)}</fieldset>
      <label class="field"><span>${_("What")}</span><select onChange=${(e) => setKind(e.target.value)} value=${kind}>${["terms", "dialogue", "statement"].map((k) => html`<option value=${k}>${ABOUT[k]()}</option>`)}</select></label>
      <${Line} name="title" label=${_("In one line")} />
      ${kind === "terms" && html`<${OfferFields} />`}
      ${kind === "statement" && html`<${Text} name="statement" label=${_("Joint statement")} required />`}
      <${Text} label=${kind === "dialogue" ? _("What is proposed") : _("Text")} required=${kind === "dialogue"} />
    <//></section>`;
}

export function Proposals({ session, place }) {
  const now = useNow(),
    own = session.party,
    id = place.path[1];
  const { data, fault } = useApi("proposals");
  const { data: inForce } = useApi("proposals", { options: { terms: true } });
  const { data: status } = useApi("status");
  if (!data) return fault ? html`<${Trouble} fault=${fault} />` : html`<${Waiting} />`;
  if (id === "new") return html`<${Propose} channels=${status?.channels ?? []} />`;
  if (id) {
    const offer = data.find((o) => o.id === id);
    return offer
      ? html`<${Trouble} fault=${fault} /><${Offer} key=${id} offer=${offer} all=${data} inForce=${inForce} own=${own} now=${now} />`
      : html`<h1>${_("There is no such proposal.")}</h1><p><a href="/proposals">${_("Proposals")}</a></p>`;
  }
  const list = [...data].sort((a, b) => b.time.localeCompare(a.time));
  const ours = list.filter((o) => partyOf(o) !== own && isStanding(o, now)).length,
    theirs = list.filter((o) => partyOf(o) === own && isStanding(o, now)).length;
  document.title = `${_("Proposals")} · parley desk`;
  return html`<${Trouble} fault=${fault} />
    <div class="head"><div><h1>${ours ? _n("{n} proposal waits for our reply.", "{n} proposals wait for our reply.", ours) : _("No proposal waits for our reply.")}</h1>
      <p class="quiet">${theirs ? _n("{n} of ours waits for the other side's.", "{n} of ours wait for the other side's.", theirs) : ""} ${_("Silence is not agreement.")}</p></div>
      <div class="buttons"><a class="button" href="/proposals/new">${_("Propose")}</a></div></div>
    <div class="stack">${list.length ? html`<${Offers} list=${list} own=${own} now=${now} />` : html`<p class="quiet">${_("Nothing was ever offered.")}</p>`}
    ${(inForce ?? [])
      .filter((t) => t.terms)
      .map(
        (t) => html`<section class="panel" aria-label=${_("Terms in force with {P}", { P: t.with })}>
      <header><h2>${_("Terms in force with {P}", { P: t.with })}</h2><span class="end">${_("since {T}", { T: when(t.since) })}</span></header>
      <dl class="pairs in">${TERMS.filter(([name]) => shown(name, t.terms[name]) !== "–").map(([name, says]) => html`<dt>${says()}</dt><dd>${shown(name, t.terms[name])}</dd>`)}</dl></section>`,
      )}</div>`;
}
