// Times: UTC first, the local one in brackets; spans in the two largest units.
import { _, language } from "./i18n.js";

// Day before month in English, too: the two sides read one order.
// A format costs far more to make than to use, and a table asks for thousands.
const formats = new Map();
function format(options) {
  const key = `${language()} ${Object.entries(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(language() === "en" ? "en-GB" : language(), options));
  return formats.get(key);
}
const day = { day: "numeric", month: "short" };
const clock = { hour: "2-digit", minute: "2-digit", hour12: false };

/** "23 Nov 12:00": the day and the hour, as each language puts them together. */
const both = (t, zone = {}) =>
  `${format({ ...day, ...zone }).format(t)}${language() === "ru" ? ", " : " "}${format({ ...clock, ...zone }).format(t)}`;

/** "23 Nov 12:00 UTC (15:00 here)" */
export function when(instant) {
  const t = new Date(instant);
  const local = sameDay(t) ? format(clock).format(t) : both(t);
  return _("{utc} UTC ({local} here)", { utc: both(t, { timeZone: "UTC" }), local });
}

/** The same without the local time, for rows that stand below a head that names the zone. */
export const utc = (instant) => both(new Date(instant), { timeZone: "UTC" });
export const utcDay = (instant) => format({ ...day, timeZone: "UTC" }).format(new Date(instant));
export const utcFull = (instant) => instant.replace("T", " ").replace("Z", "");
export const utcClock = (instant) => format({ ...clock, timeZone: "UTC" }).format(new Date(instant));
export const localClock = (instant) => format(clock).format(new Date(instant));

const sameDay = (t) => t.getUTCDate() === t.getDate() && t.getUTCMonth() === t.getMonth();

/** "2 d 3 h", "1 h 46 min", "39 s" */
export function span(ms) {
  const s = Math.max(0, Math.round(ms / 1000));
  const m = Math.floor(s / 60),
    h = Math.floor(m / 60),
    d = Math.floor(h / 24);
  if (d) return h % 24 ? _("{d} d {h} h", { d, h: h % 24 }) : _("{d} d", { d });
  if (h) return m % 60 ? _("{h} h {m} min", { h, m: m % 60 }) : _("{h} h", { h });
  if (m) return _("{m} min", { m });
  return _("{s} s", { s });
}
