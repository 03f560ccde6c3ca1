// Long lists: of ten thousand rows only those are made that one scrolls to.
import { useEffect, useRef, useState } from "preact/hooks";

const SOME = 50;

/** [how many rows to make, the ref of what stands below them]; `more(n)` is told when n are looked at. */
export function useSome(total, more) {
  const [some, setSome] = useState(SOME),
    end = useRef();
  useEffect(() => {
    if (some >= total || !end.current) return;
    const watch = new IntersectionObserver(
      (seen) => seen.some((one) => one.isIntersecting) && (more?.(some + SOME), setSome((n) => n + SOME)),
      { rootMargin: "800px" },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [some, total]);
  return [Math.min(some, total), end];
}
