// What pages say of a case as lists show it.
import { _, _n, word } from "./i18n.js";

export const caseAddress = (name) => `/case/${encodeURIComponent(name.split("/")[1])}`;

/** What lists ask for: the newest cases, and the first that wait for each side, with counts of all. */
export const FIRST = { options: { brief: true, first: 100 } };

const KIND = { claim: () => _("Claim: {title}"), inquiry: () => _("Inquiry: {title}"), proposal: () => _("Proposal: {title}") };
export const titled = (c) => (KIND[c.kind]?.() ?? "{title}").replace("{title}", c.title ?? "");

const ACTS = {
  reply: () => _("Reply"),
  acknowledge: () => _("Acknowledge"),
  agree: () => _("Sign the text, or amend it"),
  disclose: () => _("Disclose lines"),
};
/** What is to be done, as the words of a link. */
export function act(wait, c) {
  const open = (c.facts ?? 0) - (c.answered ?? 0);
  if (wait.what === "answer" && open > 0) return _n("Answer {n} open fact", "Answer {n} open facts", open);
  if (wait.what === "answer") return _("Answer");
  return ACTS[wait.what]?.() ?? wait.what;
}

/** The state of a case in its words. */
export const stateWords = ({ state: s }) =>
  [s.proposal, s.opener, s.answerer, s.joint]
    .filter(Boolean)
    .map((w) => word("state", w))
    .join(" · ");

const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0); // times of one form: bytes are their order

/** Every wait of every case, by deadline: lapsed first, those without one last. */
export const waits = (cases) =>
  cases
    .flatMap((c) => c.waits.map((wait) => ({ c, wait })))
    .sort((a, b) => order(a.wait.due ?? "9", b.wait.due ?? "9") || order(a.wait.since, b.wait.since));
