// From a log to a claim, and from one's own logs to an answer: each by the page alone, and received by the other side's.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { log, makeStage, parley, shot, violations } from "./stage.mjs";

let stage;
const caseId = (home, title) =>
  JSON.parse(parley(home, ["cases", "--json"]))
    .find((c) => c.title.startsWith(title))
    .case.split("/")[1];
const sync = () => parley(stage.north.home, ["sync", "--quiet"]);
/** What axe says of the whole page: in a high window, where nothing lies under what sticks. */
const broken = async (page, width) => {
  await page.setViewportSize({ width, height: 4000 });
  const found = await violations(page);
  await page.setViewportSize({ width, height: 900 });
  return found;
};
const narrow = async (page) => {
  await page.setViewportSize({ width: 320, height: 700 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no sideways scroll at 320 px");
  assert.deepEqual(await broken(page, 320), []);
};

before(async () => {
  stage = await makeStage({ facts: 8 });
  writeFileSync(join(stage.folder, "own.log"), log(6)); // of eight facts, six are in it
});
after(() => stage.close());

test("a claim composed from a log by the page is received by the other side's", async () => {
  const { north, south, folder } = stage,
    sheet = join(folder, "composed.csv");
  writeFileSync(join(folder, "auth.log"), log(12));
  const page = await north.open("/compose");
  await page.fill("[name=logs]", join(folder, "auth.l*"));
  await page.fill("[name=sheet]", sheet);
  await page.click("button:has-text('Take the facts')");
  await page.waitForSelector("text=12 facts");
  await page.waitForSelector("#checklist");
  assert.ok(existsSync(sheet) && existsSync(`${sheet}.evidence`));
  assert.match(await page.textContent("main"), /cert\.south\.example/);
  const summary = page.locator("dt:text-is('summary') + dd");
  assert.match(await summary.textContent(), /missing/);
  await page.fill("[name=to]", "cert.south.example/abuse");
  await page.fill("[name=title]", "Composed by the page");
  await page.fill("[name=summary]", "Passwords were guessed; our clock is within a second.");
  await page.locator("[name=title]").focus();
  await page.waitForSelector("dt:text-is('summary') + dd:has-text('there')");
  assert.equal(await page.inputValue("[name=tlp]"), "", "no level is chosen before a person does");
  await page.selectOption("[name=tlp]", "AMBER");
  assert.deepEqual(await broken(page, 1440), []);
  await shot(page, "compose", { fullPage: true });
  await narrow(page);
  await shot(page, "compose-320", { fullPage: true });
  await page.click("button:text-is('Send')");
  await page.waitForURL(/\/(case|inbox)/);
  await page.close();
  sync();
  const other = await south.open(`/case/${caseId(south.home, "Composed")}`);
  await other.waitForSelector("h1:has-text('Composed by the page')");
  await other.waitForSelector("[role=grid][aria-rowcount='13']");
  await other.close();
  assert.deepEqual([...north.faults, ...south.faults], []);
});

test("suggestions of check are sent only where a person took them, and the other side sees the standing", async () => {
  const { north, south, folder } = stage,
    id = caseId(south.home, "Password");
  const page = await south.open("/check");
  await page.click("a:has-text('Password guessing')");
  await page.waitForURL(/\/answer#logs$/);
  await page.waitForSelector("#logs[open]");
  await page.fill("[name=logs]", join(folder, "own.log"));
  await page.click("button:text-is('Check')");
  await page.waitForSelector("text=Suggested by check.");
  assert.match(await page.textContent(".foot-bar"), /0 answered, 8 suggested, 0 open/);
  assert.ok(await page.isDisabled("button:text-is('Send')"), "suggestions alone are no answer");
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector("#row-0 select")).fontStyle), "italic");
  for (let row = 0; row < 5; row++) await page.click(`#row-${row} .setting button`);
  await page.selectOption("#row-4 select", "relayed");
  await page.fill("#row-4 .c-note input >> nth=0", "198.51.100.9");
  await page.keyboard.press("Tab");
  await page.selectOption("#row-5 select", "refuted");
  await page.fill("#row-5 .c-note input", 'Our "own" scanner, by contract');
  await page.click("#row-6 .c-row");
  await page.keyboard.press("8");
  await page.waitForSelector(".foot-bar:has-text('7 answered, 1 suggested, 0 open')");
  assert.equal(await page.inputValue(".cover input"), "own.log (sshd)");
  await page.click("button:has-text('Add a source')");
  await page.locator(".cover").nth(1).locator("input").first().fill("border flow");
  assert.deepEqual(await broken(page, 1440), []);
  await shot(page, "answer", { fullPage: true });
  await narrow(page);
  await shot(page, "answer-320", { fullPage: true });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click("button:text-is('Send')");
  await page.waitForURL(new RegExp(`/case/${id}$`));
  await page.close();
  sync();
  const shown = JSON.parse(parley(north.home, ["show", id, "--json"]));
  assert.match(JSON.stringify(shown), /border flow/);
  const other = await north.open(`/case/${id}`);
  await other.waitForSelector("text=7 of 8 facts answered.");
  assert.doesNotMatch(await other.textContent("#standing"), /unanswered/);
  assert.match(await other.textContent("#row-0"), /confirmed/);
  assert.match(await other.textContent("#row-4"), /relayed.*198\.51\.100\.9/);
  assert.match(await other.textContent("#row-5"), /refuted.*Our "own" scanner, by contract/);
  assert.match(await other.textContent("#row-6"), /insufficient/);
  assert.match(await other.textContent("#row-7"), /unanswered/);
  await other.close();
  assert.deepEqual([...north.faults, ...south.faults], []);
});
