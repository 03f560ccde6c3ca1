// Keys of the page: single ones, and `g` followed by another; off while something is typed, off altogether by a setting.
import { useEffect } from "preact/hooks";

const bound = new Map();
let first = null;

export const keysAreOn = () => localStorage.getItem("parley-keys") !== "off";
export const setKeys = (on) => localStorage.setItem("parley-keys", on ? "on" : "off");

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !keysAreOn()) return;
  const key = first ? `${first} ${event.key}` : event.key;
  first = event.key === "g" && !first ? "g" : null;
  const act = bound.get(key)?.at(-1);
  if (!act) return;
  event.preventDefault();
  act(event);
});

/** Binds keys while a part is shown: {"j": act, "g t": act}. */
export function useKeys(map, dependencies = []) {
  useEffect(() => {
    for (const [key, act] of Object.entries(map)) bound.set(key, [...(bound.get(key) ?? []), act]);
    return () => {
      for (const [key, act] of Object.entries(map)) bound.set(key, bound.get(key).filter((other) => other !== act));
    };
  }, dependencies);
}
