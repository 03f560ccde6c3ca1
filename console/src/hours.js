// Hours that a card states, as a week of 7 × 24 hours on the clock of the department and on that of the reader.
import { html } from "htm/preact";
import { _, language } from "./i18n.js";

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/** {zone, open: 7 × 24 × 2 halves}, of lines as "Mo-Fr 08:00-18:00 Europe/Paris"; null where none can be computed with. */
export function stripOf(lines) {
  const open = Array.from({ length: 7 }, () => new Array(48).fill(false));
  let zone = null;
  for (const line of lines) {
    const found = /^([A-Za-z,-]+) (\d\d):(\d\d)-(\d\d):(\d\d) (\S+)$/.exec(line);
    if (!found || (zone && zone !== found[6])) continue;
    const days = found[1].split(",").flatMap((part) => {
      const [a, b] = part.split("-").map((d) => DAYS.indexOf(d));
      return b === undefined ? [a] : Array.from({ length: ((b - a + 7) % 7) + 1 }, (_x, i) => (a + i) % 7);
    });
    if (days.includes(-1)) continue;
    zone = found[6];
    const from = found[2] * 2 + (found[3] >= 30 ? 1 : 0),
      to = found[4] * 2 + (found[5] > 0 ? (found[5] > 30 ? 2 : 1) : 0);
    for (const day of days)
      for (let at = from; at < (to > from ? to : to + 48); at++) open[(day + Math.floor(at / 48)) % 7][at % 48] = true;
  }
  return zone && { zone, open };
}

/** The wall clock of a zone: day (0 is Monday) and minutes. */
function clockIn(zone, at) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      .formatToParts(at)
      .map((p) => [p.type, p.value]),
  );
  return { day: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday), minutes: parts.hour * 60 + +parts.minute };
}

const LEFT = 44,
  HOUR = 22,
  ROW = 14,
  TOP = 18;
export function Strip({ strip, now }) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  let there;
  try {
    there = clockIn(strip.zone, now);
  } catch {
    return null; // a zone that this browser does not know
  }
  const local = clockIn(here, now),
    shift = (local.day * 1440 + local.minutes - there.day * 1440 - there.minutes + 10080) % 1440;
  const hour = (h) => String(Math.floor(((((h * 60 + shift) % 1440) + 1440) % 1440) / 60)).padStart(2, "0");
  const dayName = (i) =>
    new Intl.DateTimeFormat(language(), { weekday: "short", timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + i)));
  const runs = (halves) => {
    const all = [];
    halves.forEach((is, at) => is && (at && halves[at - 1] ? all.at(-1)[1]++ : all.push([at, 1])));
    return all;
  };
  const x = LEFT + (there.minutes / 60) * HOUR,
    bottom = TOP + 7 * ROW;
  return html`<figure class="strip-of-hours"><svg viewBox="0 0 ${LEFT + 24 * HOUR + 8} ${bottom + 18}" width="100%" font-size="10" fill="var(--ink2)" role="img" aria-label=${_("Hours of the week in {a} and here; now it is {T} there.", { a: strip.zone, T: `${dayName(there.day)} ${String(Math.floor(there.minutes / 60)).padStart(2, "0")}:${String(there.minutes % 60).padStart(2, "0")}` })}>
    ${[0, 3, 6, 9, 12, 15, 18, 21].map((h) => html`<text x=${LEFT + h * HOUR} y="11">${String(h).padStart(2, "0")}</text><text x=${LEFT + h * HOUR} y=${bottom + 13}>${hour(h)}</text><path d="M${LEFT + h * HOUR} ${TOP - 4}V${bottom}" stroke="var(--rule)" />`)}
    ${strip.open.map(
      (halves, day) => html`<text x="0" y=${TOP + day * ROW + 10} font-weight=${day === there.day ? 600 : 400}>${dayName(day)}</text>
      <path d="M${LEFT} ${TOP + day * ROW + 12}h${24 * HOUR}" stroke="var(--rule)" />
      ${runs(halves).map(([at, long]) => html`<rect x=${LEFT + (at * HOUR) / 2} y=${TOP + day * ROW + 2} width=${(long * HOUR) / 2} height="9" fill="var(--ink3)" />`)}`,
    )}
    <path d="M${x} ${TOP + there.day * ROW - 2}v${ROW + 2}" stroke="var(--link)" stroke-width="3" />
  </svg><figcaption class="small quiet">${_("Above: hours in {a}. Below: hours here, {b}. Blue: now.", { a: strip.zone, b: here })}</figcaption></figure>`;
}
