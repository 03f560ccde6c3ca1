// A table of facts that may have a hundred thousand rows: only those in sight are in the page.
import { html } from "htm/preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { _, number } from "./i18n.js";
import { useKeys } from "./keys.js";
import { setQuery } from "./router.js";

const ROW = 27,
  SPARE = 8,
  STEP = 4;
const WHOLE = 60; // as many rows stand in the page without a box of their own to scroll

/** Whether the window is narrow: rows are cards then. */
export function useNarrow() {
  const query = useRef(null);
  query.current ??= matchMedia("screen and (max-width: 760px)");
  const [narrow, setNarrow] = useState(query.current.matches);
  useEffect(() => {
    const tell = () => setNarrow(query.current.matches);
    query.current.addEventListener("change", tell);
    return () => query.current.removeEventListener("change", tell);
  }, []);
  return narrow;
}

/**
 * `columns`: {name, head, width, cell(row), sort?, number?, other?}; `other` begins the other side's columns.
 * `rows` in their order, of what `cell` takes; `opened(row)` is what stands below a row that is open, in its place.
 * `groups`: [{head, span}] above the heads.  `card`: the height of a row where rows are cards, in narrow windows.
 * `current`, `onCurrent(index)`: the row with the cursor, else the grid's own.  `selected`: a Set of rows; `select(row,
 * range)` takes one.  `address`: what stands behind `#` for a row.
 */
export function Grid({
  label,
  columns,
  rows,
  total,
  sort,
  opened,
  groups,
  card = ROW,
  current: given,
  onCurrent,
  selected,
  select,
  open: givenOpen,
  onOpen,
  rowId = (row) => row,
}) {
  const box = useRef(),
    panel = useRef(),
    frame = useRef(0);
  const narrow = useNarrow(),
    line = narrow ? card : ROW;
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(540);
  const [ownCurrent, setOwnCurrent] = useState(0);
  const [ownOpen, setOwnOpen] = useState(null);
  const [panelHeight, setPanelHeight] = useState(0);
  const current = Math.min(given ?? ownCurrent, Math.max(0, rows.length - 1)),
    setCurrent = onCurrent ?? setOwnCurrent;
  const open = givenOpen === undefined ? ownOpen : givenOpen,
    setOpen = onOpen ?? setOwnOpen;
  const openAt = open === null ? -1 : rows.indexOf(open);
  const inPage = rows.length <= WHOLE;
  const head = groups && !narrow ? 2 * ROW : ROW;
  useEffect(() => {
    const fit = () => setHeight(Math.max(270, Math.min(innerHeight - 200, 60 * ROW)));
    fit();
    addEventListener("resize", fit);
    return () => removeEventListener("resize", fit);
  }, []);
  // The open row's panel is as high as what it says.
  useLayoutEffect(() => {
    if (!panel.current) return;
    const watch = new ResizeObserver(() => panel.current && setPanelHeight(panel.current.offsetHeight));
    watch.observe(panel.current);
    return () => watch.disconnect();
  }, [open, openAt >= 0]);
  const extra = openAt >= 0 ? panelHeight : 0;
  const topOf = (i) => i * line + (openAt >= 0 && i > openAt ? extra : 0);
  const reveal = (at) => {
    const view = box.current;
    if (inPage) return document.getElementById(`row-${at}`)?.scrollIntoView({ block: "nearest" });
    const seen = view.clientHeight - (narrow ? 0 : head); // the head stays on top
    if (topOf(at) < view.scrollTop) view.scrollTop = topOf(at);
    if (topOf(at) + line > view.scrollTop + seen) view.scrollTop = topOf(at) + line - seen;
  };
  const show = (i) => {
    const at = Math.max(0, Math.min(i, rows.length - 1));
    setCurrent(at);
    reveal(at);
  };
  const shown = useRef(current);
  useEffect(() => {
    // it only scrolls: by the time that it runs, the cursor may have gone on
    if (shown.current !== current) reveal(current);
    shown.current = current;
  }, [current]);
  const toggle = (i = current) => rows.length && setOpen(open === rows[i] ? null : rows[i]);
  const spread = (step) => {
    const to = Math.max(0, Math.min(current + step, rows.length - 1));
    select?.(rows[current], rows[to]);
    show(to);
  };
  useKeys({ j: () => show(current + 1), k: () => show(current - 1), J: () => spread(1), K: () => spread(-1), Enter: () => toggle() });
  const moved = (event) => {
    if (event.target !== box.current) return;
    const page = Math.floor(height / line) - 1;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[event.key];
    if (!step) return;
    event.preventDefault();
    show(current + step);
  };
  const scrolled = (event) => {
    const at = event.target.scrollTop;
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => setTop(Math.floor(at / line / STEP) * STEP * line));
  };
  const first = Math.max(0, Math.floor((top - (openAt >= 0 && top > topOf(openAt) + line ? extra : 0)) / line));
  const from = inPage ? 0 : Math.max(0, first - SPARE);
  const to = inPage ? rows.length : Math.min(rows.length, first + Math.ceil(height / line) + STEP + SPARE);
  const template = useTemplate(columns);
  const before = from * line + (openAt >= 0 && openAt < from ? extra : 0);
  const after = (rows.length - to) * line + (openAt >= to ? extra : 0);
  const cells = (i) =>
    columns.map(
      (c, at) =>
        html`<div role="gridcell" aria-expanded=${opened && !at ? String(i === openAt) : undefined} class="c-${c.name} ${c.number ? "number" : ""} ${c.other ? "other" : ""}">${c.cell(rows[i])}</div>`,
    );
  const row = (
    i,
  ) => html`<div role="row" key=${rowId(rows[i])} id="row-${i}" aria-rowindex=${i + 2} aria-selected=${selected ? String(selected.has(rows[i])) : undefined}
      class="line columns-of-grid ${i === current ? "current" : ""} ${selected?.has(rows[i]) ? "selected" : ""}"
      onClick=${(e) => {
        if (e.target.closest("a, button, input, select")) return;
        setCurrent(i);
        shown.current = i;
        if (e.shiftKey && select) select(rows[current], rows[i]);
        else toggle(i);
      }}>
      ${cells(i)}
    </div>${i === openAt ? html`<div role="row" key="open" class="opened-row"><div role="gridcell" aria-colspan=${columns.length} class="opened" ref=${panel}>${opened(rows[i])}</div></div>` : ""}`;
  return html`<div class="grid ${inPage ? "in-page" : ""}" ref=${template}>
    <div role="grid" class="rows" aria-label=${label} aria-rowcount=${total + 1} aria-colcount=${columns.length} tabindex="0" aria-multiselectable=${selected ? "true" : undefined}
      aria-activedescendant=${rows.length ? `row-${current}` : undefined} onKeyDown=${moved}
      ref=${(e) => {
        box.current = e;
        if (e) e.style.maxHeight = inPage ? "none" : `${height}px`;
      }} onScroll=${scrolled}>
      <div role="rowgroup" class="head-rows">
        ${groups && html`<div role="row" class="line groups columns-of-grid">${groups.map((g, i) => html`<div role="columnheader" aria-colspan=${g.span} class=${i ? "other" : ""} ref=${(e) => e && (e.style.gridColumn = `span ${g.span}`)}>${g.head}</div>`)}</div>`}
        <div role="row" class="line heads columns-of-grid">${columns.map((c) => html`<${Head} column=${c} sort=${sort} />`)}</div>
      </div>
      <div role="rowgroup">
        <div role="presentation" ref=${(e) => e && (e.style.height = `${before}px`)}></div>
        ${Array.from({ length: Math.max(0, to - from) }, (_x, i) => row(from + i))}
        <div role="presentation" ref=${(e) => e && (e.style.height = `${after}px`)}></div>
      </div>
    </div>
    <p class="small quiet in" role="status">${_("{n} of {m} shown", { n: number(rows.length), m: number(total) })}</p>
  </div>`;
}

function Head({ column: c, sort }) {
  const by = sort?.replace(/^-/, "") === c.name,
    down = sort?.startsWith("-");
  const mark = by ? html`<span class="quiet" aria-hidden="true">${down ? "▾" : "▴"}</span>` : "";
  return html`<div role="columnheader" class="c-${c.name} ${c.number ? "number" : ""} ${c.other ? "other" : ""}" aria-sort=${by ? (down ? "descending" : "ascending") : undefined}>
    ${c.sort ? html`<button onClick=${() => setQuery({ sort: by && !down ? `-${c.name}` : c.name })}>${c.head}${mark}</button>` : c.head}</div>`;
}

// Styles are set by script: the page allows none in its markup.
function useTemplate(columns) {
  const text = columns.map((c) => c.width).join(" ");
  return (element) => element?.style.setProperty("--grid-columns", text);
}
