// A sheet of findings as text: what `check` suggests is read, and what a person answers is written.
const HEAD = "# parley findings v1\nfact,finding,count,first_seen,last_seen,upstream_ip,note\n";

/** The cells of a line; a quoted one holds commas, and two quotes for one. */
function cells(line) {
  const out = [];
  for (const found of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    out.push(found[1] === undefined ? found[2] : found[1].replaceAll('""', '"'));
  return out;
}

/** Map of the fact's row to {finding, count, first, last, upstream, note}. */
export function readFindings(text) {
  const found = new Map();
  for (const line of text.split("\n").slice(2)) {
    if (!line) continue;
    const [row, finding, count, first, last, upstream, note] = cells(line);
    found.set(Number(row), { finding, count, first, last, upstream, note });
  }
  return found;
}

const cell = (text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function writeFindings(found) {
  const rows = [...found].sort((a, b) => a[0] - b[0]);
  return (
    HEAD +
    rows
      .map(
        ([row, f]) =>
          `${[row, f.finding, f.count ?? "", f.first ?? "", f.last ?? "", f.upstream ?? "", f.note ?? ""].map((v) => cell(String(v))).join(",")}\n`,
      )
      .join("")
  );
}
