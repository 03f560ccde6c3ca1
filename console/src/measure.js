// Widths of what is drawn: of a part as it stands in the page, and of words before they do.
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** [ref, width]: how wide the part is, in whole pixels; 0 until it is known.  `paper`: how wide it is when printed. */
export function useWidth(paper) {
  const box = useRef(),
    [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const fit = () => setWidth(Math.floor(box.current?.clientWidth ?? 0)),
      print = () => setWidth(paper);
    const watch = new ResizeObserver(fit);
    fit();
    watch.observe(box.current);
    addEventListener("beforeprint", print);
    addEventListener("afterprint", fit);
    return () => {
      watch.disconnect();
      removeEventListener("beforeprint", print);
      removeEventListener("afterprint", fit);
    };
  }, []);
  return [box, width];
}

let pen = null,
  family = "";
/** How wide a text is, in pixels. */
export function wide(text, size, weight = 400) {
  pen ??= document.createElement("canvas").getContext("2d");
  family ||= getComputedStyle(document.body).fontFamily;
  pen.font = `${weight} ${size}px ${family}`;
  return pen.measureText(text).width;
}

/** The text, or its front with an ellipsis, in so many pixels. */
export function cutTo(text, room, size, weight) {
  if (wide(text, size, weight) <= room) return text;
  let end = text.length;
  while (end > 1 && wide(`${text.slice(0, end).trimEnd()}…`, size, weight) > room) end--;
  return `${text.slice(0, end).trimEnd()}…`;
}
