// Keys of the page: single ones, and `g` followed by another; off while something is typed, off altogether by a setting.
import { html } from "htm/preact";
import { useEffect, useRef } from "preact/hooks";

const bound = new Map();
let first = null;

export const keysAreOn = () => localStorage.getItem("parley-keys") !== "off";
export const setKeys = (on) => localStorage.setItem("parley-keys", on ? "on" : "off");

// Single keys that the reader moved elsewhere: {"the page's key": "the reader's"}.
const readMoved = () => {
  try {
    return JSON.parse(localStorage.getItem("parley-moved-keys")) ?? {};
  } catch {
    return {};
  }
};
let moved = readMoved();
/** Moves a key; the empty text brings it back.  False: another act has that key. */
export function moveKey(key, to) {
  const next = { ...moved };
  if (to && to !== key) {
    if (Object.entries(next).some(([k, other]) => other === to && k !== key)) return false;
    if (bound.get(to)?.length && next[to] === undefined) return false;
    next[key] = to;
  } else delete next[key];
  moved = next;
  localStorage.setItem("parley-moved-keys", JSON.stringify(moved));
  return true;
}
export const keyFor = (key) => moved[key] ?? key;
const meant = (pressed) => Object.keys(moved).find((key) => moved[key] === pressed) ?? (moved[pressed] === undefined ? pressed : "");

/** The cap of a key, as it is bound now. */
export const Key = ({ name }) => html`<kbd aria-hidden="true">${keyFor(name)}</kbd>`;

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !keysAreOn()) return;
  if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
  const key = first ? `${first} ${event.key}` : meant(event.key);
  first = key === "g" ? "g" : null;
  const act = bound.get(key)?.at(-1);
  if (!act) return;
  event.preventDefault();
  act(event);
});

/** Binds keys while a part is shown: {"j": act, "g t": act}.  A key acts by what the part showed last, however fast one types. */
export function useKeys(map) {
  const latest = useRef(map),
    names = Object.keys(map);
  latest.current = map;
  useEffect(() => {
    const acts = names.map((key) => [key, (event) => latest.current[key]?.(event)]);
    for (const [key, act] of acts) bound.set(key, [...(bound.get(key) ?? []), act]);
    return () => {
      for (const [key, act] of acts)
        bound.set(
          key,
          bound.get(key).filter((other) => other !== act),
        );
    };
  }, [names.join("\n")]);
}
