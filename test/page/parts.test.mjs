// What the page computes by itself, without a browser: what changed in a text, and the facts that a filter leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { factAt, FINDING_NAMES, makeTable, prepare, select } from "../../console/src/facts-table.js";
import { compare } from "../../console/src/minutes.js";

const FR = "Nous avons comparé les faits.\n\nCela continue depuis mars.\n\nFin du texte signé.",
  RU = "Мы сверили факты.\n\nЭто продолжается с марта.\n\nКонец текста.";
const states = (rows) => rows.map((r) => `${r.number ?? "-"} ${r.state}`);

test("a paragraph that was put in leaves those behind it as they were", () => {
  const both = compare(
    { fr: FR.replace("Cela", "Un alinéa neuf.\n\nCela"), ru: RU.replace("Это", "Новый абзац.\n\nЭто") },
    { fr: FR, ru: RU },
  );
  assert.deepEqual(states(both), ["1 same", "2 changed", "3 same", "4 same"]);
  assert.deepEqual(both[1].cells.fr, [{ kind: "+", text: "Un alinéa neuf." }]);
  const one = compare({ fr: FR.replace("Cela", "Un alinéa neuf.\n\nCela"), ru: RU }, { fr: FR, ru: RU });
  assert.deepEqual(states(one), ["1 same", "2 one", "3 same", "4 same"]);
  assert.deepEqual(one[1].changed, ["fr"]);
  assert.equal(one[1].cells.ru, undefined);
});

test("a paragraph that went, one that changed, and one that is another", () => {
  const gone = compare({ fr: FR.split("\n\n").slice(1).join("\n\n"), ru: RU.split("\n\n").slice(1).join("\n\n") }, { fr: FR, ru: RU });
  assert.deepEqual(states(gone), ["- changed", "1 same", "2 same"]);
  const word = compare({ fr: FR.replace("mars", "avril"), ru: RU }, { fr: FR, ru: RU });
  assert.deepEqual(states(word), ["1 same", "2 one", "3 same"]);
  assert.deepEqual(
    word[1].cells.fr.filter((p) => p.kind !== " ").map((p) => p.kind + p.text),
    ["-mars", "+avril"],
  );
  assert.deepEqual(states(compare({ fr: FR, ru: RU }, null)), ["1 first", "2 first", "3 first"]);
});

const ROWS = 3000;
const sheet = {
  sheet: "s",
  rows: ROWS,
  columns: {
    src_ip: Array.from({ length: ROWS }, (_x, i) => (i % 7 ? `192.0.${i % 5}.${i % 250}` : null)),
    dst_port: Array.from({ length: ROWS }, (_x, i) => (i % 2 ? 22 : 443)),
    object: Array.from({ length: ROWS }, (_x, i) => (i % 11 ? null : `domain:Mail${i}.example`)),
    event: Array.from({ length: ROWS }, (_x, i) => ["brute-force", "scanner"][i % 2]),
    count: Array.from({ length: ROWS }, (_x, i) => i % 9),
    finding: Array.from({ length: ROWS }, (_x, i) => [null, "confirmed", "refuted"][i % 3]),
    found_count: Array.from({ length: ROWS }, (_x, i) => (i % 3 === 1 ? i % 4 : null)),
  },
};

test("a filter leaves what a plain look at each fact leaves", () => {
  const table = makeTable(sheet, [], new Map());
  prepare(table);
  const facts = Array.from({ length: ROWS }, (_x, i) => factAt(table.shared, i));
  const has = (f, word) =>
    [f.src, f.dst, f.object, f.protocol, f.event, f.note].some((t) => t.toLowerCase().includes(word)) ||
    [f.srcPort, f.dstPort].includes(Number(word)) ||
    (f.dstPort !== undefined && `${f.dst}:${f.dstPort}` === word);
  for (const find of ["", "192.0.2.", "MAIL", "mail22.example", "22", "scan 0.1", "nowhere", "e", ".example"]) {
    const words = find.toLowerCase().split(" ").filter(Boolean),
      expected = facts.filter((f) => words.every((w) => has(f, w)));
    const said = select(table, { find });
    assert.deepEqual(
      [...said.order],
      expected.map((f) => f.row),
      find,
    );
    assert.equal(said.findings[FINDING_NAMES.indexOf("refuted")], expected.filter((f) => f.finding === "refuted").length, find);
    const narrowed = select(table, { find, finding: "confirmed", differences: true });
    assert.deepEqual(
      [...narrowed.order],
      expected.filter((f) => f.finding === "confirmed" && f.found !== undefined && f.found !== f.count).map((f) => f.row),
      find,
    );
  }
});

test("what a sheet states is taken over from the table before; what messages change is not", () => {
  const first = makeTable(sheet, [], new Map()),
    { finding, found_count: found } = sheet.columns;
  select(first, { find: "192", sort: "source" });
  const next = makeTable(
    { sheet: "s", rows: ROWS, columns: { finding: finding.map((f) => f ?? "not-seen"), found_count: found } },
    [],
    new Map(),
    first,
  );
  assert.equal(next.shared.src_ip, first.shared.src_ip);
  assert.deepEqual(
    [...select(next, { find: "192.0.1.", sort: "source" }).order],
    [...select(first, { find: "192.0.1.", sort: "source" }).order],
  );
  assert.equal(select(next, {}).findings[FINDING_NAMES.indexOf("unanswered")], 0);
});

test("a hundred thousand facts are filtered in less than a key takes", (t) => {
  const rows = 100000,
    table = makeTable(
      {
        sheet: "l",
        rows,
        columns: {
          src_ip: Array.from({ length: rows }, (_x, i) => `11.${18 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`),
          src_port: Array.from({ length: rows }, (_x, i) => 1024 + (i % 60000)),
          event: Array.from({ length: rows }, () => "brute-force"),
          count: Array.from({ length: rows }, () => 1),
        },
      },
      [],
      new Map(),
    );
  prepare(table);
  const took = ["1", "11", "11.", "11.1", "11.18", "11.18.7", "11.18.7."].map((find) => {
    const before = performance.now();
    select(table, { find });
    return performance.now() - before;
  });
  t.diagnostic(`filter a key: ${took.map((ms) => ms.toFixed(1)).join(" ")} ms`);
  assert.ok(Math.min(...took) < 200); // generous: the machine is shared
});
