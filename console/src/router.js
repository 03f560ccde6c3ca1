// The address says which page and how it is looked at: back works, and a link leads to what it was taken from.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";

export const Place = createContext(null);

const read = () => ({
  path: location.pathname.split("/").filter(Boolean).map(decodeURIComponent),
  query: new URLSearchParams(location.search),
  hash: location.hash.slice(1),
});

/** Goes to an address of the page; `replace` leaves no step for "back". */
export function go(address, replace = false) {
  if (replace) history.replaceState(history.state, "", address);
  else history.pushState({ inside: true }, "", address);
  dispatchEvent(new PopStateEvent("popstate"));
  if (!replace) document.getElementById("main")?.focus({ preventScroll: true });
}

/** One step back, but never out of the page. */
export const back = () => history.state?.inside && history.back();

/** Changes what the query says, and nothing else of the address. */
export function setQuery(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) value ? query.set(name, value) : query.delete(name);
  const text = query.toString();
  go(location.pathname + (text ? `?${text}` : "") + location.hash, true);
}

export function usePlace() {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const moved = () => setPlace(read());
    const clicked = (event) => {
      const link = event.target.closest?.("a[href]");
      const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
      if (!link || !plain || event.defaultPrevented || link.origin !== location.origin || link.hasAttribute("download")) return;
      if (link.pathname === location.pathname && link.hash) return;
      event.preventDefault();
      go(link.pathname + link.search + link.hash);
      scrollTo(0, 0);
    };
    addEventListener("popstate", moved);
    addEventListener("click", clicked);
    return () => {
      removeEventListener("popstate", moved);
      removeEventListener("click", clicked);
    };
  }, []);
  return place;
}

export const useQuery = () => useContext(Place).query;
