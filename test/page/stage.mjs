// Two desks that talk to each other: homes, nodes, pages, and a browser for each; everything ends with the test.
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const packages = createRequire(join(process.env.PARLEY_NPM ?? join(root, "build/npm"), "node_modules/x.js"));
const { chromium } = packages("playwright-core");
const axe = readFileSync(packages.resolve("axe-core/axe.min.js"), "utf8");
const program = process.env.PARLEY ?? join(root, "build/src/cli/parley");
const shots = join(root, "build/test/pages");

/** Runs a command of one home and returns what it prints. */
export function parley(home, words, input) {
  const ran = spawnSync(program, [...words, "--home", home], { input, encoding: "utf8" });
  if (ran.status !== 0) throw new Error(`parley ${words.join(" ")}: ${ran.stderr}`);
  return ran.stdout;
}

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Starts a process and gives its first line on `stream` that fits. */
async function start(words, stream, fits) {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, DISPLAY: "" } });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let said = "";
  const line = await new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(`parley ${words[0]} said only: ${said}`)), 30000);
    child[stream].on("data", (part) => {
      said += part;
      const found = said
        .split("\n")
        .slice(0, -1)
        .find((l) => fits.test(l));
      if (found) (clearTimeout(late), done(found));
    });
    child.once("exit", () => failed(new Error(`parley ${words[0]} ended: ${said}`)));
  });
  child.stdout.resume();
  child.stderr.resume();
  return { child, line };
}

export const log = (count) =>
  Array.from({ length: count }, (_x, i) => {
    const at = new Date(Date.UTC(2026, 2, 1, 0, 0, 0) + i * 7200000).toISOString().slice(0, 19);
    return `${at}Z host sshd[811]: Failed password for root from 192.0.2.${(i % 200) + 1} port ${40000 + i} ssh2\n`;
  }).join("");

/**
 * {north, south, close}: each side with its home, its page's address and `open(path)`, which gives a browser's page.
 * North has raised a claim of `facts` facts, and South has it.
 */
export async function makeStage({ facts = 40, passphrase = false } = {}) {
  mkdirSync(join(root, "build/test"), { recursive: true });
  const folder = mkdtempSync(join(root, "build/test/page-"));
  const port = spawnSync(join(root, "script/free-port"), { encoding: "utf8" }).stdout.trim();
  const phrase = join(folder, "phrase");
  writeFileSync(phrase, "correct horse\n");
  const key = passphrase ? ["--passphrase-file", phrase] : ["--no-passphrase"],
    opened = passphrase ? ["--passphrase-file", phrase] : [];
  const sides = {
    north: { home: join(folder, "N"), party: "cert.north.example", department: "incident", officer: "a.officer", more: [] },
    south: {
      home: join(folder, "S"),
      party: "cert.south.example",
      department: "abuse",
      officer: "b.officer",
      more: ["--url", `https://127.0.0.1:${port}`],
    },
  };
  const children = [];
  for (const s of Object.values(sides))
    parley(s.home, ["init", "--party", s.party, "--department", s.department, "--officer", s.officer, ...key, ...s.more]);
  for (const [name, s] of Object.entries(sides)) parley(s.home, ["invite", "-o", join(folder, name), ...opened]);
  const digits = parley(sides.north.home, ["compare", join(folder, "south"), "--quiet"]).trim();
  parley(sides.north.home, ["accept", join(folder, "south"), "--safety-number", digits, ...opened]);
  parley(sides.south.home, ["accept", join(folder, "north"), "--safety-number", digits, ...opened]);
  const serve = async (side, words) =>
    children.push((await start(["serve", "--home", side.home, ...opened, ...words], "stderr", /./)).child);
  await serve(sides.south, ["--listen", `127.0.0.1:${port}`, "--interval", "3600"]);
  await serve(sides.north, ["--interval", "1"]);
  if (facts) {
    parley(sides.north.home, ["sync", "--quiet", ...opened]); // whom one claims against must have answered first
    writeFileSync(join(folder, "log"), log(facts));
    parley(sides.north.home, [
      "facts",
      join(folder, "log"),
      "-o",
      join(folder, "sheet.csv"),
      "--evidence",
      join(folder, "tree"),
      "--quiet",
    ]);
    parley(sides.north.home, [
      "claim",
      "--to",
      "cert.south.example/abuse",
      "--facts",
      join(folder, "sheet.csv"),
      "--evidence",
      join(folder, "tree"),
      "--title",
      "Password guessing against two hospitals",
      "--tlp",
      "AMBER",
      ...opened,
    ]);
    parley(sides.north.home, ["sync", "--quiet", ...opened]);
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-device-scale-factor=1"],
  });
  for (const [name, s] of Object.entries(sides)) {
    const { child, line } = await start(["desk", "--no-browser", "--home", s.home, ...opened], "stdout", /^http/);
    children.push(child);
    s.at = line.split("/open")[0];
    s.context = await browser.newContext({
      locale: "en-GB",
      timezoneId: name === "north" ? "Europe/Paris" : "Europe/Moscow",
      viewport: { width: 1440, height: 900 },
    });
    s.faults = [];
    s.open = async (path = "/today") => {
      const page = await s.context.newPage();
      page.on("pageerror", (e) => s.faults.push(String(e)));
      page.on("console", (m) => m.type() === "error" && s.faults.push(m.text()));
      await page.goto(s.entered ? s.at + path : line);
      if (!s.entered && path !== "/today") await page.goto(s.at + path);
      s.entered = true;
      return page;
    };
  }
  const close = async () => {
    await browser.close();
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...sides, folder, browser, children, close };
}

/** The rules of WCAG 2.2 AA that a page breaks, as sentences. */
export async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() =>
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }).then((r) =>
      r.violations.map(
        (v) =>
          `${v.id}: ${v.help}: ${v.nodes
            .map((n) => n.html)
            .slice(0, 3)
            .join(" ; ")}`,
      ),
    ),
  );
  return found;
}

/** Waits until a function of the page is true: asked from here, as the page's policy lets nothing evaluate a text later on. */
export async function until(page, fits, given) {
  for (const end = Date.now() + 30000; !(await page.evaluate(fits, given));) {
    if (Date.now() > end) throw new Error(`it did not come to be: ${fits}`);
    await page.waitForTimeout(50);
  }
}

/** Keeps a picture of a page for people to look at: build/test/pages/NAME.png. */
export async function shot(page, name, options = {}) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), ...options });
}
