// The first cases of each list, with counts of all: what a page shows before one scrolls.
import { useState } from "preact/hooks";
import { FIRST, waits } from "./cases.js";
import { useApi } from "./live.js";

const MOST = 10000;

/** {data, fault, at, newest, of, more}: `newest` the cases by age; `of(party, ours)` what waits for a side; `more(n)`: rows up to n are looked at. */
export function useFirst(find = "") {
  const [all, setAll] = useState(false);
  const options = { ...FIRST.options, ...(all ? { first: MOST } : {}), ...(find ? { find } : {}) };
  const { data, fault, at } = useApi("cases", { options });
  const waiting = data ? waits(data.cases) : [];
  return {
    data,
    fault,
    at,
    newest: data ? [...data.cases].sort((a, b) => (a.opened < b.opened ? 1 : a.opened > b.opened ? -1 : 0)).slice(0, data.first) : [],
    of: (own, ours) => waiting.filter(({ wait }) => (wait.waits_for === own) === ours).slice(0, data?.first ?? 0),
    more: (n) => data && n >= data.first && setAll(true),
  };
}
