// A table of facts that may have a hundred thousand rows: only those in sight are in the page.
import { html } from "htm/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { _, number } from "./i18n.js";
import { useKeys } from "./keys.js";
import { setQuery } from "./router.js";

const ROW = 27, SPARE = 12;

/**
 * `columns`: {name, head, width, cell(row), sort?(row), number?, other?}; `other` begins the other side's columns.
 * `rows` in their order; `opened(row)` is what stands below a row that is open.
 */
export function Grid({ label, columns, rows, total, sort, opened }) {
  const box = useRef();
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(540);
  const [current, setCurrent] = useState(0);
  const [open, setOpen] = useState(null);
  useEffect(() => {
    const fit = () => setHeight(Math.max(270, Math.min(rows.length * ROW + 4, innerHeight - 220)));
    fit();
    addEventListener("resize", fit);
    return () => removeEventListener("resize", fit);
  }, [rows.length]);
  const show = (i) => {
    const at = Math.max(0, Math.min(i, rows.length - 1));
    setCurrent(at);
    const view = box.current;
    const seen = view.clientHeight - ROW; // the head stays on top
    if (at * ROW < view.scrollTop) view.scrollTop = at * ROW;
    if ((at + 1) * ROW > view.scrollTop + seen) view.scrollTop = (at + 1) * ROW - seen;
  };
  useKeys({ j: () => show(current + 1), k: () => show(current - 1), Enter: () => setOpen(open === current ? null : current) }, [current, open, rows]);
  const moved = (event) => {
    const page = Math.floor(height / ROW) - 1;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length }[event.key];
    if (step) {
      event.preventDefault();
      show(current + step);
    } else if (event.key === "Enter") setOpen(open === current ? null : current);
  };
  const from = Math.max(0, Math.floor(top / ROW) - SPARE), to = Math.min(rows.length, from + Math.ceil(height / ROW) + 2 * SPARE);
  const [by, down] = [sort?.replace(/^-/, ""), sort?.startsWith("-")];
  const template = useTemplate(columns);
  const line = (i) => html`<div role="row" id="row-${i}" aria-rowindex=${i + 2} class="line columns-of-grid ${i === current ? "current" : ""}"
      onClick=${() => (setCurrent(i), setOpen(open === i ? null : i))}>
      ${columns.map((c) => html`<div role="gridcell" class="${c.number ? "number" : ""} ${c.other ? "other" : ""}">${c.cell(rows[i])}</div>`)}
    </div>`;
  return html`<div class="grid" ref=${template}>
    <div role="grid" class="rows" aria-label=${label} aria-rowcount=${total + 1} aria-colcount=${columns.length} tabindex="0"
      aria-activedescendant=${rows.length ? `row-${current}` : undefined} onKeyDown=${moved}
      ref=${(e) => { box.current = e; if (e) e.style.height = `${height + ROW + 2}px`; }} onScroll=${(e) => setTop(e.target.scrollTop)}>
      <div role="rowgroup" class="head-rows"><div role="row" class="line heads columns-of-grid">
        ${columns.map((c) => html`<div role="columnheader" class="${c.number ? "number" : ""} ${c.other ? "other" : ""}" aria-sort=${by === c.name ? (down ? "descending" : "ascending") : undefined}>
          ${c.sort ? html`<button onClick=${() => setQuery({ sort: by === c.name && !down ? `-${c.name}` : c.name })}>${c.head}${by === c.name ? (down ? " ▾" : " ▴") : ""}</button>` : c.head}</div>`)}
      </div></div>
      <div role="rowgroup">
        <div role="presentation" ref=${(e) => e && (e.style.height = `${from * ROW}px`)}></div>
        ${Array.from({ length: Math.max(0, to - from) }, (_x, i) => line(from + i))}
        <div role="presentation" ref=${(e) => e && (e.style.height = `${(rows.length - to) * ROW}px`)}></div>
      </div>
    </div>
    ${open !== null && rows[open] && html`<section class="opened" aria-live="polite">${opened(rows[open])}</section>`}
    <p class="small quiet in">${_("{n} of {m} shown", { n: number(rows.length), m: number(total) })}</p>
  </div>`;
}

// Styles are set by script: the page allows none in its markup.
function useTemplate(columns) {
  const text = columns.map((c) => c.width).join(" ");
  return (element) => element?.style.setProperty("--grid-columns", text);
}
