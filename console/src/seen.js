// When this browser last looked at the desk: for "since you left".
const KEY = "parley-seen",
  LEFT = "parley-left",
  AWAY = 30 * 60000;

const mark = () => document.visibilityState === "visible" && localStorage.setItem(KEY, new Date().toISOString());

/** Begins to note when one looks; before it, the time that is noted is when one left. */
export function beginSeeing() {
  const seen = localStorage.getItem(KEY);
  if (seen && Date.now() - Date.parse(seen) > AWAY) sessionStorage.setItem(LEFT, seen);
  mark();
  setInterval(mark, 60000);
  addEventListener("visibilitychange", mark);
}

/** When one left, if that is more than half an hour ago; else null. */
export const left = () => sessionStorage.getItem(LEFT);
/** The same, else a day ago. */
export const leftOrDay = () => left() ?? new Date(Date.now() - 86400000).toISOString();
