// From where sources come: the figure by two tables, the numbers of the command, what leaves the page, and both sides' count.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeStage, parley, shot, violations } from "./stage.mjs";

let stage, sheet, whose;
const HEAD = "# parley facts v1\nfirst_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n";
// Sources in blocks of 11.0.0.0/8 that the tables below give to lands where nobody lives.
const PLACES = [
  [0, 40, "TF"],
  [40, 30, "BV"],
  [70, 26, "AQ"],
  [96, 9, "HM"],
  [105, 4, "GS"],
  [110, 6, null],
];
const facts = PLACES.flatMap(([from, many, land]) =>
  Array.from({ length: many }, (_x, i) => {
    const at = new Date(Date.UTC(2026, 2, 1) + (from + i) * 600000).toISOString().slice(0, 19);
    return `${at}Z,${at}Z,${land ? `11.0.${from + i}.7` : `12.0.0.${i + 1}`},${40000 + i},203.0.113.${(from + i) % 50},22,,tcp,brute-force,${land === "AQ" ? 40 : 1 + (i % 3)},\n`;
  }),
);
const block = (from, to, land) => `11.0.${from}.0,11.0.${to}.255,${land}\n`;
const json = (words) => [].concat(JSON.parse(parley(stage.north.home, ["origins", ...words, "--json"])));
const both = ["--territory", "registry", "--territory", "geo"];
const whole = async (page, width) => {
  await page.setViewportSize({ width, height: 4000 });
  const found = await violations(page);
  await page.setViewportSize({ width, height: 900 });
  return found;
};

before(async () => {
  stage = await makeStage({ facts: 0 });
  const { north, south, folder } = stage;
  sheet = join(folder, "origins.csv");
  writeFileSync(sheet, HEAD + facts.join(""));
  writeFileSync(
    join(folder, "registry.csv"),
    block(0, 39, "TF") + block(40, 69, "BV") + block(70, 95, "AQ") + block(96, 104, "HM") + block(105, 108, "GS"),
  );
  writeFileSync(join(folder, "geo.csv"), block(0, 24, "TF") + block(25, 70, "BV") + block(71, 104, "AQ") + block(105, 107, "GS"));
  for (const side of [north, south]) {
    mkdirSync(join(side.home, "territory"), { recursive: true });
    for (const [name, basis] of [
      ["registry", "registry"],
      ["geo", "geolocation"],
    ])
      parley(side.home, [
        "territory",
        "compile",
        "--quiet",
        "--date",
        "2026-02-20",
        "--basis",
        basis,
        "--credit",
        "A vendor, CC0 1.0",
        "-o",
        join(side.home, `territory/${name}.table`),
        join(folder, `${name}.csv`),
      ]);
  }
  parley(north.home, ["sync", "--quiet"]);
  parley(north.home, [
    "claim",
    "--to",
    "cert.south.example/abuse",
    "--facts",
    sheet,
    "--title",
    "Guessed passwords",
    "--tlp",
    "AMBER",
    "--quiet",
  ]);
  parley(north.home, ["sync", "--quiet"]);
  whose = JSON.parse(parley(north.home, ["cases", "--json"]))[0].case;
});
after(() => stage.close());

test("a sheet of this machine is counted by two tables: the map, the ranking and the table tell the command's numbers", async () => {
  const page = await stage.north.open("/today");
  await page.waitForSelector("h1");
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.waitForSelector("a:has-text('Guessed passwords')"); // cases to choose from, where nothing is asked yet
  await page.waitForSelector("[name=a]");
  assert.deepEqual(
    [await page.inputValue("[name=a]"), await page.inputValue("[name=b]")],
    ["geo", "registry"],
    "two tables of the home, of unlike basis",
  );
  await page.fill("[name=of]", sheet);
  await page.fill("[name=a]", "registry");
  await page.fill("[name=b]", "geo");
  await page.fill("[name=rank]", "AQ");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".map-land");
  const [a, b] = json([sheet, ...both]),
    rows = Object.fromEntries(a.rows.map((row) => [row.origin, row]));
  assert.match(
    await page.textContent(".answer"),
    /Origins of 115 sources by two tables\. .* 3rd or 2nd of 5|3rd of 5 by table A, 2nd of 4 by table B/,
  );
  const circles = await page.$$eval(".map-a", (all) =>
    Object.fromEntries(
      all.filter((e) => e.closest("g[data-origin]")).map((e) => [e.closest("g").dataset.origin, Number(e.getAttribute("r"))]),
    ),
  );
  assert.deepEqual(Object.keys(circles).sort(), ["AQ", "BV", "GS", "HM", "TF"]);
  for (const [origin, r] of Object.entries(circles))
    assert.ok(Math.abs((r / circles.TF) ** 2 - rows[origin].sources / rows.TF.sources) < 1e-6, `the area of ${origin} is its count`);
  const brown = await page.$$eval(".map-b.differ", (all) =>
    [...new Set(all.map((e) => e.closest("g[data-origin]")?.dataset.origin).filter(Boolean))].sort(),
  );
  assert.deepEqual(brown, ["AQ", "BV", "GS", "TF"], "brown only where they differ by more than a fifth");
  assert.equal(await page.$$eval(".map-land", (all) => all.length), 1, "one grey for all land");
  assert.match(await page.getAttribute(".ranking", "aria-label"), /Antarctica: rank 3 by table A with 26; rank 2 by table B with 34\./);
  assert.match(await page.textContent(".ranking"), /no territory.*3 → 2|3 → 2.*no territory/s);
  await page.click("summary:has-text('All origins as a table')");
  const cells = await page.$$eval(".origins-table tbody tr", (all) =>
    all.map((tr) =>
      [...tr.children].map((td) => {
        const copy = td.cloneNode(true);
        copy.querySelector("sup")?.remove();
        return copy.textContent;
      }),
    ),
  );
  const told = ["rank", "sources", "events", "targets"],
    of = (row) => told.map((name) => (row?.[name] === undefined ? "–" : String(row[name])));
  const first = cells.find(([name]) => name === "Antarctica");
  assert.deepEqual(
    first.slice(1),
    [...of(rows.AQ), ...of(b.rows.find((row) => row.origin === "AQ"))].map((v) => Number(v).toLocaleString("en")),
  );
  assert.equal(cells.length, new Set([...a.rows, ...b.rows].map((row) => row.origin)).size);
  for (const language of ["fr", "ru", "en"]) {
    await page.click(`.languages [lang=${language}]`);
    await page.waitForSelector(`.ranking[aria-label*='${{ fr: "Antarctique", ru: "Антарктида", en: "Antarctica" }[language]}']`);
    assert.deepEqual(await whole(page, 1440), []);
    await shot(page, `origins-${language}`, { fullPage: true });
  }
  await page.setViewportSize({ width: 320, height: 700 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll at 320 px");
  assert.deepEqual(await whole(page, 320), []);
  await page.setViewportSize({ width: 390, height: 800 });
  await shot(page, "origins-390", { fullPage: true });
  await page.close();
  assert.deepEqual(stage.north.faults, []);
});

test("units and networks are chosen by keyboard and stand in the address; back and another table follow", async () => {
  const page = await stage.north.open(`/origins?of=${encodeURIComponent(sheet)}&a=registry&b=geo`);
  await page.waitForSelector(".ranking");
  await page.focus(".chip:text-is('events')");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ranking[aria-label*='Antarctica: rank 1 by table A with 1,040']");
  assert.match(page.url(), /unit=events/);
  assert.match(await page.textContent(".multiples"), /sources.*events.*targets/s);
  await page.focus(".chip:text-is('AS')");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".map-land", { state: "detached" });
  await page.goto(`${stage.north.at}/origins?of=${encodeURIComponent(sheet)}&a=registry&alone=1`);
  await page.waitForSelector(".ranking rect.measure");
  assert.match(await page.textContent(".answer"), /by one table: another one may rank them otherwise/);
  await page.close();
  assert.deepEqual(stage.north.faults, []);
});

test("no number leaves the page without its caveats: picture, copy and print", async () => {
  const page = await stage.north.open(`/origins?of=${encodeURIComponent(sheet)}&a=registry&b=geo`);
  await page.waitForSelector(".map-land");
  const [given] = await Promise.all([page.waitForEvent("download"), page.click("button:text-is('Save as SVG')")]);
  const svg = readFileSync(await given.path(), "utf8"),
    said = svg.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
  assert.match(svg, /^<svg /);
  for (const words of [
    /The origin of traffic is not its author\./,
    /basis geolocation, of 2026-02-20T00:00:00Z,/,
    /basis registry/,
    /A vendor, CC0 1\.0/,
    /Unit: sources/,
  ])
    assert.match(said, words);
  await stage.north.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("button:text-is('Copy the numbers')");
  await page.waitForSelector("text=Copied, with the caveats.");
  const copy = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copy, /^# The origin of traffic is not its author\./);
  assert.match(copy, /# A registry, basis registry/);
  assert.match(copy, /\nAQ,Antarctica,3,26,1040,\d+,ab[c-z]*A,2,34,/);
  const [report] = await Promise.all([page.waitForEvent("popup"), page.click("button:text-is('Report for paper')")]);
  await report.waitForSelector("svg");
  assert.match(await report.textContent("body"), /The origin of traffic is not its author/);
  await report.close();
  await page.emulateMedia({ media: "print" });
  const printed = await page.evaluate(() =>
    [...document.querySelectorAll("figure.in .figure-svg, figure.in .caveats")].map((e) => [
      getComputedStyle(e).display,
      e.closest("figure") === document.querySelector("figure.in"),
    ]),
  );
  assert.ok(
    printed.length === 3 && printed.every(([display, inside]) => display !== "none" && inside),
    "map, ranking and caveats are one frame on paper",
  );
  await page.close();
  assert.deepEqual(stage.north.faults, []);
});

test("of a case both sides' computations stand side by side, to the byte", async () => {
  const { north, south } = stage,
    id = whose.split("/")[1];
  const page = await north.open(`/origins?of=${id}&a=registry&alone=1`);
  await page.waitForSelector("#by-findings");
  assert.match(await page.textContent("figcaption"), /case .*cut cert\.north\.example/);
  await page.waitForSelector("text=Neither side has sent a count of this case yet.");
  await page.click("button:text-is('Send these counts')");
  await page.click("dialog button:text-is('Send')");
  await page.waitForSelector("#joint >> xpath=ancestor::section >> text=sent by one side alone");
  parley(north.home, ["sync", "--quiet"]);
  parley(south.home, ["origins", whose, "--territory", "registry", "--send", "--quiet"]);
  parley(south.home, ["origins", whose, "--territory", "geo", "--unit", "events", "--send", "--quiet"]);
  parley(north.home, ["origins", whose, "--territory", "registry", "--unit", "events", "--send", "--quiet"]);
  parley(north.home, ["sync", "--quiet"]);
  await page.reload();
  await page.waitForSelector("text=computed alike by both");
  await page.waitForSelector(".checkpoints mark");
  const joint = await page.textContent("section[aria-labelledby='joint']");
  assert.match(joint, /From byte [\d,]+ on they differ/);
  assert.match(joint, /another territory table was used/);
  assert.doesNotMatch(joint, /these are not the bytes/);
  await page.click("button:text-is('Recompute what they sent')");
  await page.waitForSelector("text=the same: recomputed byte for byte");
  assert.deepEqual(await whole(page, 1440), []);
  await shot(page, "origins-joint", { fullPage: true });
  await page.close();
  assert.deepEqual(north.faults, []);
});

test("composing: the figure and the sentence by both tables, what is hidden, and nothing typed lost by a reload", async () => {
  const { north, folder } = stage,
    page = await north.open("/compose"),
    made = join(folder, "hidden.csv");
  writeFileSync(
    join(folder, "auth.log"),
    PLACES.slice(0, 4)
      .flatMap(([from, many]) =>
        Array.from(
          { length: many },
          (_x, i) =>
            `2026-03-01T0${i % 9}:00:00Z host sshd[811]: Failed password for root from 11.0.${from + i}.7 port ${40000 + i} ssh2\n`,
        ),
      )
      .join(""),
  );
  await page.waitForSelector("[name=a]");
  await page.fill("[name=logs]", join(folder, "auth.log"));
  await page.fill("[name=sheet]", made);
  await page.click("button:has-text('Take the facts')");
  await page.waitForSelector(".map-land");
  await page.fill("#main [name=rank]", "AQ");
  await page.waitForSelector(".note.answer:has-text('Antarctica')");
  assert.deepEqual(await whole(page, 1440), []);
  await shot(page, "compose-origins", { fullPage: true });
  await page.click("button:has-text('Say it by both tables and go on')");
  assert.match(
    await page.inputValue("[name=summary]"),
    /Antarctica, by number of sources: .*both tables|Antarctica, by number of sources: .*by table A.*by table B|depending on the table/,
  );
  assert.match(await page.inputValue("[name=summary]"), /The origin of traffic is not its author\./);
  assert.equal(await page.evaluate(() => document.activeElement.name), "to", "the next step has the focus");
  await page.fill("[name=title]", "Kept as typed");
  await page.check("[name=hide-user]");
  await page.fill("[name=to]", "cert.south.example/abuse");
  await page.selectOption("[name=tlp]", "RED");
  assert.ok(await page.isDisabled("button:text-is('Send')"), "what is to be hidden is hidden first");
  await page.click("button:text-is('Make the facts again so')");
  await page.waitForSelector("text=Hidden: names of users.");
  assert.ok(await page.isEnabled("button:text-is('Send')"));
  await page.reload();
  await page.waitForSelector(".map-land");
  assert.equal(await page.inputValue("[name=title]"), "Kept as typed");
  assert.equal(await page.inputValue("[name=logs]"), join(folder, "auth.log"));
  assert.equal(await page.inputValue("[name=tlp]"), "RED");
  assert.match(await page.textContent(".preview"), /TLP:RED.*Kept as typed.*user/s);
  assert.ok(await page.isChecked("[name=hide-user]"));
  const other = await north.context.newPage();
  await other.goto(`${north.at}/compose`);
  await other.waitForSelector("[name=title]");
  assert.equal(await other.inputValue("[name=title]"), "", "another tab is another claim");
  await other.fill("[name=title]", "Of an earlier session");
  await other.evaluate(() =>
    sessionStorage.setItem(
      "parley-typed-compose",
      sessionStorage.getItem("parley-typed-compose").replace(/"session":"[^"]*"/, '"session":"gone"'),
    ),
  );
  await other.reload();
  await other.waitForSelector("[name=title]");
  assert.equal(await other.inputValue("[name=title]"), "", "what was typed goes with its session");
  await other.close();
  await page.keyboard.press("Alt+4");
  assert.equal(await page.evaluate(() => document.activeElement.name), "title");
  await page.keyboard.press("Control+Enter");
  assert.equal(await page.evaluate(() => document.activeElement.name), "tlp");
  await page.setViewportSize({ width: 320, height: 700 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll at 320 px");
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click("button:text-is('Keep as a draft')");
  await page.waitForURL(/\/inbox/);
  assert.equal(
    await page.evaluate(() => Object.keys(sessionStorage).filter((n) => n.startsWith("parley-typed-compose")).length),
    0,
    "what was sent is not kept",
  );
  await page.close();
  assert.deepEqual(north.faults, []);
});
