// Small parts that many pages show: levels, findings, clocks, receipts.
import { html } from "htm/preact";
import { _, word } from "./i18n.js";
import { span, utc } from "./time.js";

/** What each finding does for the claim, and its shape. */
export const FINDINGS = {
  confirmed: "support",
  remediated: "support",
  relayed: "support",
  refuted: "against",
  "not-seen": "silent",
  "no-records": "silent",
  "not-ours": "silent",
  insufficient: "silent",
  unanswered: "open",
};

const ring = (more) => html`<circle cx="7" cy="7" r="4.9" fill="none" stroke="currentColor" stroke-width="1.4" ...${more ?? {}} />`;
const disc = html`<circle cx="7" cy="7" r="5.5" fill="currentColor" />`;
const SHAPES = {
  confirmed: disc,
  remediated: html`${disc}<rect x="3.6" y="6" width="6.8" height="2" fill="#fff" />`,
  relayed: html`${disc}<path d="M3.8 7h5M6.8 4.6 9.4 7 6.8 9.4" fill="none" stroke="#fff" stroke-width="1.5" />`,
  refuted: html`<path d="M7 .8 13.2 7 7 13.2.8 7z" fill="currentColor" />`,
  "not-seen": ring(),
  "no-records": ring({ "stroke-dasharray": "2.2 1.65" }),
  "not-ours": html`${ring()}<path d="M3.6 10.4l6.8-6.8" stroke="currentColor" stroke-width="1.4" />`,
  insufficient: html`${ring()}<path d="M7 4v3.6" stroke="currentColor" stroke-width="1.5" /><circle cx="7" cy="9.7" r=".9" fill="currentColor" />`,
  unanswered: html`<path d="M3 7h8" stroke="currentColor" stroke-width="1.4" />`,
  warning: html`<path d="M7 1 13.4 12.6H.6z" fill="currentColor" /><path d="M7 5v3.6" stroke="#fff" stroke-width="1.5" /><circle cx="7" cy="10.5" r=".9" fill="#fff" />`,
};
const RECEIPTS = {
  queued: html`<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="1.4" /><circle cx="32" cy="6" r="4" fill="none" stroke="#b7bbb6" stroke-width="1.4" />`,
  sent: html`<circle cx="6" cy="6" r="4.6" fill="currentColor" /><path d="M11 6h15" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2 2.4" /><circle cx="32" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="1.4" />`,
  receipted: html`<path d="M6 6h26" stroke="currentColor" stroke-width="1.6" /><circle cx="6" cy="6" r="4.6" fill="currentColor" /><circle cx="32" cy="6" r="4.6" fill="currentColor" />`,
};

export const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 14 14" aria-hidden="true">${SHAPES[name]}</svg>`;

export const Finding = ({ name, suggested }) => html`<span class="finding ${FINDINGS[name]} ${suggested ? "suggested" : ""}">
  <${Icon} name=${name} />${word("finding", name)}</span>`;

export const Tlp = ({ level }) =>
  level ? html`<span class="tlp ${level.split("+")[0].toLowerCase()}" translate="no">TLP:${level}</span>` : null;

export const Us = ({ party, own }) => (party === own ? html` <span class="us">${_("us")}</span>` : null);

/** A text of the other side on one line, without the characters that turn its direction: for titles of windows. */
export const plain = (text, most = 200) =>
  (text ?? "").replace(/[\u0000-\u001f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ").slice(0, most);

/** A text that somebody wrote: as text alone, its direction its own, and "#f4" a link to fact 4. */
export function Said({ text }) {
  const parts = (text ?? "").split(/(#f\d{1,8}\b)/);
  return html`<bdi class="text">${parts.map((p, i) => (i % 2 ? html`<a href=${p}>${p}</a>` : p))}</bdi>`;
}

const RECEIPT_WORDS = { queued: () => _("queued"), sent: () => _("sent, no receipt"), receipted: () => _("held") };

/** How far a message came: the two ends of the line are the two records. */
export const Receipt = ({ stage }) => html`<span class="receipt">
  <svg width="38" height="12" viewBox="0 0 38 12" aria-hidden="true">${RECEIPTS[stage]}</svg>${RECEIPT_WORDS[stage]?.() ?? stage}</span>`;

/** Time left until `due` of what runs since `since`: a bar with ticks at half and nine tenths, and words. */
export function Clock({ since, due, now, lapsed }) {
  if (!due) return html`<span class="quiet">${_("no deadline")}</span>`;
  const end = Date.parse(due),
    start = Date.parse(since ?? due),
    left = end - now;
  const part = end > start ? Math.min(1, Math.max(0, (now - start) / (end - start))) : 1;
  const ink = lapsed ? "var(--attn)" : left < 86400000 ? "var(--ink)" : "var(--ink3)";
  return html`<div class="clock">
    <svg width="70" height="10" viewBox="0 0 70 10" aria-hidden="true" class="icon-wide">
      <rect x=".5" y="2.5" width="56" height="5" fill="#fff" stroke="#737a81" />
      <rect x=".5" y="2.5" width=${56 * part} height="5" fill=${ink} />
      <path d="M28.5 0v2.5M50.9 0v2.5M56.5 0v10" stroke="#43494f" />
      ${lapsed && html`<path d="M57 3h11M57 5h11M57 7h11" stroke="var(--attn)" />`}
    </svg>
    <span class=${lapsed ? "attn" : "strong"}>${lapsed ? _("lapsed {d} ago", { d: span(-left) }) : _("in {d}", { d: span(left) })}</span>
  </div>
  <div class="small quiet">${utc(due)}</div>`;
}

/** What could not be done, above everything else of a page. */
export const Trouble = ({ fault }) =>
  fault ? html`<p class="note bad" role="alert"><${Icon} name="warning" /> ${fault.message}</p>` : null;

/** While nothing is known yet: one line, and no movement. */
export const Waiting = () => html`<p class="quiet" aria-live="polite">${_("One moment …")}</p>`;
