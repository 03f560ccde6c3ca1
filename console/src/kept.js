// What is typed and not yet sent: kept in this tab for the session of the desk, so that a reload loses nothing.  It goes
// when it is sent, when the desk is locked, and when another session begins; passphrases and files are never kept.
import { useEffect, useState } from "preact/hooks";

const OURS = "parley-typed-";
/** By which session it was typed: the front of its secret tells sessions apart, and opens nothing. */
const session = () => (localStorage.getItem("parley-session") ?? "").slice(0, 8);

/** At the page's beginning; `locked`: nothing stands behind the one field. */
export function sweepTyped(locked) {
  for (const name of Object.keys(sessionStorage).filter((n) => n.startsWith(OURS)))
    if (locked || readAll(name).session !== session()) sessionStorage.removeItem(name);
}

const readAll = (key) => {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
};
export const recall = (name) => readAll(OURS + name).typed;
export function remember(name, typed) {
  try {
    sessionStorage.setItem(OURS + name, JSON.stringify({ session: session(), typed }));
  } catch {
    // more than the browser keeps: it is there as long as the page is
  }
}
export const forget = (...names) => names.forEach((name) => sessionStorage.removeItem(OURS + name));

/** What stands in the fields of a form, but in those of secrets and files. */
const fieldsOf = (form) =>
  Object.fromEntries(
    [...form.elements]
      .filter((e) => e.name && !["password", "file", "submit", "button"].includes(e.type))
      .map((e) => [e.name, e.type === "checkbox" ? e.checked : e.value]),
  );

/** Fills a form with what was typed before, keeps what is typed, and gives it: {} until the form is there. */
export function useTyped(form, name) {
  const [typed, setTyped] = useState({});
  useEffect(() => {
    const shown = form.current;
    for (const [field, value] of Object.entries(recall(name) ?? {})) {
      const e = shown.elements[field];
      if (!e || e instanceof RadioNodeList) continue;
      if (e.type === "checkbox") e.checked = value;
      else e.value = value;
      e.dispatchEvent(new Event("input", { bubbles: true })); // for those that the page holds itself
    }
    const keep = () => {
      const now = fieldsOf(shown);
      remember(name, now);
      setTyped(now);
    };
    setTyped(fieldsOf(shown));
    shown.addEventListener("input", keep);
    shown.addEventListener("change", keep);
    return () => {
      shown.removeEventListener("input", keep);
      shown.removeEventListener("change", keep);
    };
  }, [name]);
  return typed;
}
